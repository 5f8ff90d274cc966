/** Charts, pages and tables of moved columns. */
import { effectChart, fail, html, htmlDocument, importanceChart } from "@backlit/core";
import { type LongColumn, type LongLine, longTable } from "../../report/long-table.ts";
import { figures, type RowsChart } from "../../report/rows-charts.ts";
import { NARROW } from "../../report/widths.ts";
import type { OutputFile } from "../output.ts";
import type { DependenceCurve, DependenceResult } from "./dependence.ts";
import type { ImportanceResult } from "./importance.ts";
import { heightsOf, KINDS } from "./told.ts";

export interface EffectsFiles {
  /** .svg; of several curves each gets its column's name behind it. */
  readonly charts?: string;
  /** .csv or .parquet. */
  readonly values?: string;
  /** .html */
  readonly report?: string;
}

const FIGURES = 200;

/** Errors: Usage for more charts than a page holds. */
export const dependenceFiles = async (
  result: DependenceResult,
  { charts, values, report }: EffectsFiles,
): Promise<readonly OutputFile[]> => {
  const { outputs, curves, kind, model, data, version } = result;
  if ((charts ?? report) !== undefined && outputs.length * curves.length > FIGURES)
    throw fail("Usage", {
      what: `${outputs.length * curves.length} charts`,
      why: `they are ${curves.length} columns of ${outputs.length} outputs`,
      fix: "name some with --column and --target",
    });
  const drawn = (): readonly RowsChart[] =>
    outputs.flatMap((_, k) =>
      curves.map((curve, i) => {
        const chart = (width?: number) => curveChart(result, curve, { output: k, ...(width !== undefined && { width }) });
        return { name: fileName(result, k, i), svg: chart(), narrow: chart(NARROW) };
      }),
    );
  const title = `${model.name}: ${KINDS[kind]}`;
  return [
    ...(charts === undefined ? [] : chartFiles(charts, drawn())),
    ...(values === undefined ? [] : [{ path: values, chunks: [await longTable(values, CURVE_COLUMNS, curveLines(result))] }]),
    ...(report === undefined
      ? []
      : [
          page(
            report,
            title,
            `${data.count} rows of ${data.name}; backlit ${version}, model ${model.sha256.slice(0, 12)}, data ${data.sha256.slice(0, 12)}`,
            drawn(),
          ),
        ]),
  ];
};

export const importanceFiles = async (
  result: ImportanceResult,
  { charts, values, report }: EffectsFiles,
): Promise<readonly OutputFile[]> => {
  const { features, scorer, score, repeats, seed, model, data, version } = result;
  const bars = features.map(({ feature, ...rest }) => ({ name: feature, ...rest }));
  const chart = (width?: number) =>
    importanceChart(bars, `${scorer} lost without the column`, width === undefined ? {} : { width });
  const drawn = [{ name: "importance", svg: chart(), narrow: chart(NARROW) }];
  const lines = features.flatMap(({ feature, drops }) => drops.map((drop, repeat): LongLine => [feature, repeat, drop]));
  const about = `${scorer} ${score.toPrecision(4)} of ${data.count} rows of ${data.name}; ${repeats} orders, seed ${seed}; backlit ${version}, model ${model.sha256.slice(0, 12)}, data ${data.sha256.slice(0, 12)}`;
  return [
    ...(charts === undefined ? [] : chartFiles(charts, drawn)),
    ...(values === undefined ? [] : [{ path: values, chunks: [await longTable(values, DROP_COLUMNS, lines)] }]),
    ...(report === undefined ? [] : [page(report, `${model.name}: permutation importance`, about, drawn)]),
  ];
};

const DROP_COLUMNS: readonly LongColumn[] = [
  { name: "column", type: "STRING" },
  { name: "repeat", type: "INT32" },
  { name: "drop", type: "DOUBLE" },
];

const CURVE_COLUMNS: readonly LongColumn[] = [
  ...(["explained", "column", "row", "at"] as const).map((name) => ({ name, type: "STRING" as const })),
  { name: "value", type: "DOUBLE" },
];

/** A line a point: of the mean over all rows (`row` is "all"), and of the lines of single rows. */
const curveLines = ({ outputs, curves }: DependenceResult): readonly LongLine[] =>
  outputs.flatMap(({ title }, k) =>
    curves.flatMap((curve): LongLine[] => {
      const line = (row: string, heights: readonly number[]) =>
        heights.map((value, i): LongLine => [title, curve.feature, row, String(curve.at[i]), value]);
      const missing = curve.kind === "pdp" ? curve.missing : undefined;
      return [
        ...line("all", heightsOf(curve, k)),
        ...(missing === undefined ? [] : [[title, curve.feature, "all", "", missing.mean[k]!]]),
        ...(curve.kind === "pdp" ? curve.lines[k]!.flatMap((own, i) => line(String(curve.rows[i]), own)) : []),
      ];
    }),
  );

const curveChart = (
  { outputs, kind }: DependenceResult,
  curve: DependenceCurve,
  { output, width }: { readonly output: number; readonly width?: number },
): string => {
  const { title, of } = outputs[output]!;
  const missing = curve.kind === "pdp" ? curve.missing?.mean[output] : undefined;
  return effectChart({
    ...{ feature: curve.feature, at: curve.at, rug: curve.rug, values: heightsOf(curve, output) },
    title: kind === "pdp" ? `${title}: mean ${of}` : `${title}: effect on the ${of}`,
    ...(curve.kind === "pdp" && curve.ordered && { others: curve.lines[output]! }),
    ...(missing !== undefined && { missing }),
    ...(width !== undefined && { width }),
  });
};

/** Names of columns and classes as file systems take them. */
const fileName = ({ outputs, curves }: DependenceResult, output: number, curve: number): string =>
  [curves[curve]!.feature, ...(outputs.length > 1 ? [outputs[output]!.title] : [])]
    .map((name) => name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, ""))
    .join("-");

/** Columns whose names differ only in signs are numbered. */
const chartFiles = (path: string, charts: readonly RowsChart[]): readonly OutputFile[] => {
  const stem = path.replace(/\.svg$/i, "");
  const chunks = ({ svg }: RowsChart) => [new TextEncoder().encode(svg)];
  if (charts.length === 1) return [{ path, chunks: chunks(charts[0]!) }];
  const names = charts.map(({ name }) => name);
  return charts.map((chart, i) => {
    const twice = names.indexOf(chart.name) !== names.lastIndexOf(chart.name);
    return { path: `${stem}-${chart.name}${twice ? `-${i + 1}` : ""}.svg`, chunks: chunks(chart) };
  });
};

const page = (path: string, title: string, about: string, charts: readonly RowsChart[]): OutputFile => {
  const body = html`<header><h1>${title}</h1><p class="muted">${about}</p></header>`;
  return { path, chunks: [new TextEncoder().encode(htmlDocument(title, `${body}\n<main>${figures(charts)}</main>`))] };
};

/** The files of an explanation: relevance, heatmaps, ledger. */
import { fail, type Look, pictureFigure, writeNpy } from "@backlit/core";
import { figureOf } from "../../figures/figure.ts";
import { drawFilm } from "../../figures/film.ts";
import { pictureOf } from "../../kinds/picture/heatmap.ts";
import { viewOf } from "../../kinds/view-of.ts";
import { describeRecipe } from "../../report/recipe.ts";
import type { ExplainedMap, ExplainedRow } from "../../rows/explained.ts";
import { oneByOne } from "../../rows/one-by-one.ts";
import { titleOf } from "../../rows/top.ts";
import { type Heading, headingLines, headingOf } from "../../views/heading.ts";
import type { View } from "../../views/view.ts";
import { type FigureWriting, formatOf, writeFigure } from "../../views/write-figure.ts";
import type { OutputFile } from "../output.ts";
import { interactionsFile, oneArray, relevanceFile } from "./arrays.ts";
import { chartsOfRows } from "./charts.ts";
import { contextOf, explainPage, type PageOptions } from "./page.ts";
import type { ExplainResult } from "./result.ts";
import { valuesFile } from "./values-file.ts";

/** Names of the files that are wanted. */
export interface ExplainFiles {
  readonly relevance?: string;
  readonly heatmap?: string;
  readonly report?: string;
  readonly ledger?: string | true;
  readonly spread?: string;
  readonly frames?: string;
  readonly interactions?: string;
  /** Charts over the rows of a table: OUT.svg becomes OUT-beeswarm.svg and so on. */
  readonly charts?: string;
  /** All values of a table's rows: .csv or .parquet. */
  readonly values?: string;
  /** Features of a table shown at most. */
  readonly features?: number;
  /** Rows of an INPUT of many that are shown one by one, at most. */
  readonly rows?: number;
}

/** What a place lends to those who draw. */
export type Drawing = FigureWriting & Pick<PageOptions, "pictures">;

/**
 * Errors: Usage for a format or look that a kind of input is not drawn in, BadInput for maps that do not fit one array, Unsupported for texts
 * no font has.
 */
export const explainFiles = async (
  explained: ExplainResult,
  files: ExplainFiles,
  drawing: Drawing = {},
): Promise<readonly OutputFile[]> => {
  const { relevance, heatmap, report, ledger, spread, frames, interactions, features, rows: shown } = files;
  const few = { ...explained, rows: oneByOne(explained.rows, shown) };
  return [
    ...(relevance === undefined ? [] : [{ path: relevance, chunks: [relevanceFile(relevance, explained)] }]),
    ...(heatmap === undefined ? [] : await heatmaps(heatmap, explained, { features, shown, drawing })),
    ...(spread === undefined ? [] : await spreadFiles(spread, few, drawing)),
    ...(frames === undefined
      ? []
      : await numbered(frames, few, (_, map) => drawFilm(map.frames!, arrangementIn(explained), explained.preprocessor))),
    ...(interactions === undefined ? [] : [{ path: interactions, chunks: [interactionsFile(interactions, explained)] }]),
    ...(report === undefined
      ? []
      : [{ path: report, chunks: [await explainPage(explained, { top: features, shown, pictures: drawing.pictures })] }]),
    ...(files.charts === undefined ? [] : chartFiles(files.charts, explained, features)),
    ...(files.values === undefined ? [] : [await valuesFile(files.values, explained)]),
    ...(typeof ledger === "string" ? [{ path: ledger, chunks: [ledgerFile(explained)] }] : []),
  ];
};

/** One HTML page for all; else OUT.png for one map, or a number for the input, one for the class, or both, as far as there are several. */
export const heatmapPaths = (path: string, rows: number, perRow: number): readonly string[] => {
  if (isPage(path)) return [path];
  const dot = path.lastIndexOf(".");
  const numbers = (n: number, k: number) => [...(rows > 1 ? [n] : []), ...(perRow > 1 ? [k] : [])].map((i) => `-${i + 1}`);
  return Array.from({ length: rows * perRow }, (_, i) => {
    const [n, k] = [Math.floor(i / perRow), i % perRow];
    return [path.slice(0, dot), ...numbers(n, k), path.slice(dot)].join("");
  });
};

/** Those of `--heatmap`: named classes stand beside each other in one. */
export const heatmapsOf = (
  path: string,
  { rows, beside }: Pick<ExplainResult, "rows" | "beside">,
  shown?: number,
): readonly string[] => heatmapPaths(path, oneByOne(rows, shown).length, beside ? 1 : rows[0]!.maps.length);

/** Of `--spread` and `--frames`. */
export const picturePaths = (path: string, rows: number, perRow: number): readonly string[] =>
  /\.npy$/i.test(path) ? [path] : heatmapPaths(path, rows, perRow);

const isPage = (path: string): boolean => /\.html?$/i.test(path);

interface How {
  readonly features: number | undefined;
  readonly shown: number | undefined;
  readonly drawing: Drawing;
}

const heatmaps = async (
  path: string,
  all: ExplainResult,
  { features: top, shown, drawing }: How,
): Promise<readonly OutputFile[]> => {
  const context = contextOf(all, { top });
  checkLooks(all, context);
  if (isPage(path)) return [{ path, chunks: [await explainPage(all, { top, shown, pictures: drawing.pictures })] }];
  const explained = { ...all, rows: oneByOne(all.rows, shown) };
  const { recipe } = explained;
  // What such a method makes is an input.
  if (explained.made && /\.png$/i.test(path))
    return numbered(path, explained, (_, { target, relevances }) => {
      const [values] = Object.values(relevances);
      return drawFilm(
        [{ title: titleOf(target), what: "input", values: values! }],
        arrangementIn(explained),
        explained.preprocessor,
      );
    });
  const how = describeRecipe(recipe);
  if (explained.beside) {
    const paths = heatmapPaths(path, explained.rows.length, 1);
    return Promise.all(
      explained.rows.map(async (row, i) => ({
        path: paths[i]!,
        chunks: [await drawn(path, figureOf(row, context), { how, drawing })],
      })),
    );
  }
  return numbered(path, explained, (row, map) =>
    drawn(path, viewOf(row, map, context), { heading: headingOf(row, map), how, drawing }),
  );
};

/** Throws Usage for looks of pictures where there is none. */
const checkLooks = (explained: ExplainResult, context: ReturnType<typeof contextOf>): void => {
  const asked = Object.keys(explained.look) as (keyof Look)[];
  if (asked.length === 0) return;
  for (const row of explained.rows)
    for (const map of row.maps) {
      const view = viewOf(row, map, context);
      const { style = "panels" } = explained.look;
      const option = asked.find((one) => view.picture === undefined && !view.looks?.includes(one));
      if (option !== undefined)
        throw fail("Usage", { what: `--${option}`, why: `${view.what} is explained, no picture`, fix: "leave it out" });
      if (style !== "panels" && style !== "map" && view.picture?.().options.picture === undefined)
        throw fail("Usage", {
          what: `--style ${style}`,
          why: "what the model saw is not known as a picture",
          fix: "--style map",
        });
      if (explained.look.on === "original" && view.picture?.().options.seen === undefined)
        throw fail("Usage", { what: "--on original", why: `${row.sample.file} is no picture`, fix: "leave it out" });
    }
};

const chartFiles = (path: string, explained: ExplainResult, top: number | undefined): readonly OutputFile[] => {
  const charts = chartsOfRows(explained, { count: top });
  if (charts === undefined)
    throw fail("Usage", { what: "charts over rows", where: path, fix: "they are of tables: give a .csv or an .npy of rows" });
  const name = path.replace(/\.svg$/i, "");
  return charts.all.map((chart) => ({
    path: `${name}-${chart.name}.svg`,
    chunks: [new TextEncoder().encode(chart.svg)],
  }));
};

/** As the file's name wants it. Throws Usage. */
const drawn = async (
  path: string,
  view: Pick<View, "what" | "figure">,
  { heading, how, drawing }: { readonly heading?: Heading; readonly how: string; readonly drawing: Drawing },
): Promise<Uint8Array> => {
  const format = formatOf(path) ?? "png";
  if (view.figure) return writeFigure(await view.figure({ ...heading, subtitle: how }), format, drawing);
  throw fail("Usage", {
    what: `${view.what} is not drawn as ${format.toUpperCase()}`,
    where: path,
    fix: "name a file that ends in .html",
  });
};

/** One picture for each map. */
const numbered = async (
  path: string,
  { rows }: Pick<ExplainResult, "rows">,
  draw: (row: ExplainedRow, map: ExplainedMap) => Uint8Array | Promise<Uint8Array>,
): Promise<readonly OutputFile[]> => {
  const maps = rows.flatMap((row) => row.maps.map((map) => ({ row, map })));
  const paths = heatmapPaths(path, rows.length, maps.length / rows.length);
  return Promise.all(maps.map(async ({ row, map }, i) => ({ path: paths[i]!, chunks: [await draw(row, map)] })));
};

const arrangementIn = ({ drawing, explained }: ExplainResult) => drawing[explained[0]!];

const spreadFiles = async (path: string, explained: ExplainResult, drawing: Drawing): Promise<readonly OutputFile[]> => {
  const { explanations } = explained;
  if (/\.npy$/i.test(path)) {
    const spreads = explanations.map(({ spread }) => spread!);
    return [{ path, chunks: [writeNpy(oneArray(path, spreads))] }];
  }
  const value = explained.explained[0]!;
  const how = `spread of ${describeRecipe(explained.recipe)}`;
  const context = contextOf(explained);
  return numbered(path, explained, (row, { target, spread }) => {
    const { map, options } = pictureOf(row, { target, relevances: { [value]: spread! }, layers: {} }, value, context);
    const { sides: _, ...plain } = options; // how far, not which way
    return writeFigure(pictureFigure([{ ...headingLines(row, { target }), subtitle: how, ...map }], plain), "png", drawing);
  });
};

const ledgerFile = ({ rows }: ExplainResult): Uint8Array => {
  const inputs = rows.map(({ sample, index, maps }) => ({
    file: sample.file,
    ...(index !== undefined && { row: index }),
    ledgers: maps.map(({ target, ledger }) => ({ target: target.index, ...ledger })),
  }));
  return new TextEncoder().encode(`${JSON.stringify({ inputs }, null, 2)}\n`);
};

/** An evaluation in the order a report tells it: settings with their tables and curves, names, numbers. */

import type { CurveBand, CurveTable, EvaluationResult, ScoreTable } from "../../evaluate/result.ts";
import type { MethodSummary, Summary, TableSummary } from "../../evaluate/statistics/summary.ts";
import { maxOf } from "../../numeric/extremes.ts";
import { typeset } from "../../render/signed.ts";

export interface TableView {
  readonly table: ScoreTable;
  readonly summary: TableSummary;
}

export interface SettingView {
  /** The id of its element on the page. */
  readonly id: string;
  readonly metric: string;
  /** What tells it from the other settings of its metric: "imputer zero"; "" where it is the only one. */
  readonly kind: string;
  /** "srg, imputer zero" */
  readonly name: string;
  /** All parameters. */
  readonly params: string;
  /** What is read from the model, where the metric has a choice. */
  readonly score?: string;
  /** The primary score first. */
  readonly tables: readonly TableView[];
  readonly curves: readonly CurveTable[];
}

/** Settings with at least one score, in the order of the run. */
export const settingViews = ({ settings, tables, curves, summary }: EvaluationResult): readonly SettingView[] =>
  settings.flatMap(({ metric, params }, s) => {
    const same = settings.filter((other) => other.metric === metric);
    const telling = Object.keys(params).filter((key) => same.some((other) => other.params[key] !== params[key]));
    const words = (keys: readonly string[]) => keys.map((key) => `${key} ${params[key]}`).join(", ");
    const own = summary.tables
      .map((of) => ({ table: tables[of.table]!, summary: of }))
      .filter(({ table }) => table.setting === s)
      .sort((a, b) => Number(b.table.primary) - Number(a.table.primary));
    if (own.length === 0) return [];
    const kind = words(telling);
    return [
      {
        id: `setting-${s + 1}`,
        metric,
        kind,
        name: kind === "" ? metric : `${metric}, ${kind}`,
        params: words(Object.keys(params)),
        ...(params.score !== undefined && { score: String(params.score) }),
        tables: own,
        curves: curves.filter(({ setting }) => setting === s),
      },
    ];
  });

export const ranked = ({ enough }: Summary, { table }: TableView): boolean => enough && table.direction !== undefined;

/** Best first where methods may be ranked, else as they were asked for. Equal ranks keep their order. */
export const inOrder = (summary: Summary, view: TableView): readonly MethodSummary[] => {
  const { methods } = view.summary;
  if (!ranked(summary, view)) return methods;
  return [...methods].sort((a, b) => (a.rank ?? methods.length) - (b.rank ?? methods.length));
};

export const RANDOM = "random maps";
export const shownName = ({ method, random }: Pick<MethodSummary, "method" | "random">): string => (random ? RANDOM : method);

/** Curves of one method: draws of random maps together. */
export const bandOf = (
  { methods }: EvaluationResult,
  curve: CurveTable,
  { method, random }: Pick<MethodSummary, "method" | "random">,
): CurveBand | undefined => {
  const own = curve.methods.filter((_, m) => (random ? methods[m]?.random === true : methods[m]?.name === method));
  if (own.length === 0) return undefined;
  const mean = (part: keyof CurveBand) => curve.at.map((_, k) => own.reduce((sum, band) => sum + band[part][k]!, 0) / own.length);
  return { mean: mean("mean"), median: mean("median"), low: mean("low"), high: mean("high") };
};

/** Decimals that leave three digits of the largest of these numbers. */
export const decimalsOf = (values: readonly (number | undefined)[]): number => {
  const most = maxOf(values.map((value) => Math.abs(value ?? 0)).filter(Number.isFinite), 0);
  return most === 0 ? 3 : Math.min(9, Math.max(0, 2 - Math.floor(Math.log10(most))));
};

/** "0.402", "−0.010"; a dash where there is no number. */
export const fixed = (value: number | null | undefined, decimals: number): string => {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const text = Math.abs(value) >= 1e6 ? value.toExponential(2) : value.toFixed(decimals);
  return typeset(Number(text) === 0 ? text.replace("-", "") : text);
};

export const signedFixed = (value: number, decimals: number): string =>
  `${value > 0 && Number(value.toFixed(decimals)) > 0 ? "+" : ""}${fixed(value, decimals)}`;

/** "0.021", "< 0.001" */
export const probability = (p: number): string => (p < 0.001 ? "< 0.001" : fixed(p, p < 0.1 ? 3 : 2));

export const share = (part: number): string => `${fixed(100 * part, part > 0 && part < 0.01 ? 1 : 0)} %`;

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** "a", "a and b", "a, b and c". */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** What `evaluate` tells a person: the main score of each setting, method by method, beside the noise floor. */

import {
  type EvaluationResult,
  type EvaluationSetting,
  type MethodSummary,
  maxOf,
  minOf,
  type ScoreTable,
  type TableSummary,
} from "@backlit/core";
import type { Surface } from "../host/surface.ts";
import { amount } from "./numbers.ts";
import { type Column, table } from "./table.ts";

/** Scores that stand beside the main one: it cannot be read without them. */
const BESIDE: Readonly<Record<string, readonly string[]>> = { srg: ["mrg", "lrg", "auc_random"] };
const INDENT = "  ";

export const scoreTables = (result: EvaluationResult, io: Pick<Surface, "columns" | "colours">): string => {
  const { summary, tables, data, model, methods } = result;
  const draws = methods.filter(({ random }) => random).length;
  const sections = summary.tables.filter((of) => tables[of.table]!.primary).map((of) => section(result, of, io).join("\n"));
  return [
    `${io.colours.bold(`${model.name} on ${data.name}`)}: ${data.count} samples; random maps drawn ${draws} times; ± is half of the ${percentOf(summary.confidence)} interval`,
    ...(summary.enough ? [] : [`not enough to rank: below 20 samples`]),
    "",
    ...sections.map((text) => `${text}\n`),
    ...differing(result),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
};

const percentOf = (share: number): string => `${Number((100 * share).toFixed(1))} %`;

/** "srg by probability, unit grid:16, imputer blur" */
export const settingTitle = ({ metric, params }: EvaluationSetting): string => {
  const { score, unit, imputer } = params;
  return [
    score === undefined ? metric : `${metric} by ${score}`,
    ...(unit === undefined ? [] : [`unit ${unit}`]),
    ...(imputer === undefined ? [] : [`imputer ${imputerTitle(String(imputer))}`]),
  ].join(", ");
};

/** An imputer with a number for each column shows the first of them. */
const imputerTitle = (imputer: string): string => {
  const [first, ...others] = /^constant:(.*)$/.exec(imputer)?.[1]?.split(",") ?? [];
  return others.length === 0 ? imputer : `constant by column (${Number(Number(first).toPrecision(3))}, …)`;
};

const section = (result: EvaluationResult, of: TableSummary, io: Pick<Surface, "columns" | "colours">): string[] => {
  const { tables, settings, summary } = result;
  const own = tables[of.table]!;
  const setting = settings[own.setting]!;
  const beside = (BESIDE[setting.metric] ?? []).flatMap((score) => meansOf(result, own, score));
  const numbers = formatOf([...of.methods.map(({ mean }) => mean), ...(of.floor ? [of.floor.low, of.floor.high] : [])]);
  const columns: Column[] = [
    { title: "method", cut: "end", least: 12 },
    { title: own.score, align: "right" },
    { title: "±", align: "right" },
    ...beside.map(({ score }): Column => ({ title: score, align: "right" })),
    { title: "n", align: "right" },
    ...(summary.enough ? [{ title: "rank", align: "right" } as const] : []),
    { title: "" },
  ];
  const rows = of.methods.map((method, m) => [
    method.method,
    numbers(method.mean),
    numbers(method.halfWidth),
    ...beside.map(({ means, format }) => format(means[m]!)),
    String(method.n),
    ...(summary.enough ? [rankOf(method)] : []),
    method.atFloor && !method.random ? "at the noise floor" : "",
  ]);
  const [head, ...lines] = table(columns, rows, io.columns === undefined ? undefined : io.columns - INDENT.length);
  const better = own.direction === undefined ? "" : `: ${own.direction} is better`;
  return [
    `${io.colours.bold(settingTitle(setting))}${better}`,
    ...[head!, ...lines].map((line) => INDENT + line),
    ...(of.floor
      ? [
          `${INDENT}noise floor ${numbers(of.floor.low)} to ${numbers(of.floor.high)} (${percentOf(summary.confidence)} of sets of random maps)`,
        ]
      : []),
  ];
};

const meansOf = ({ tables, summary }: EvaluationResult, { setting }: ScoreTable, score: string) => {
  const at = tables.findIndex((table) => table.setting === setting && table.score === score);
  const found = summary.tables.find((table) => table.table === at);
  if (found === undefined) return [];
  const means = found.methods.map(({ mean }) => mean);
  return [{ score, means, format: formatOf(means) }];
};

/** Three decimals, unless the numbers are too small or too large for that. */
const formatOf = (values: readonly number[]): ((value: number) => string) => {
  const sizes = values.filter(Number.isFinite).map(Math.abs);
  const largest = maxOf(sizes, 0);
  const fixed = largest === 0 || (largest >= 0.02 && largest < 1e4);
  return (value) => (!Number.isFinite(value) ? "–" : fixed ? value.toFixed(3) : amount(value));
};

const rankOf = ({ rank, rankLow, rankHigh }: MethodSummary): string => {
  if (rank === undefined) return "";
  return rankLow === rankHigh ? String(rank) : `${rank} (${rankLow}–${rankHigh})`;
};

/** Whether the settings agree on the order of the methods. */
const differing = ({ summary: { agreement } }: EvaluationResult): string[] => {
  if (agreement.length === 0) return [];
  const taus = agreement.map(({ tau }) => tau).filter(Number.isFinite);
  if (taus.length === 0) return [];
  const [low, high] = [minOf(taus), maxOf(taus)].map((tau) => tau.toFixed(2));
  return [`agreement of the settings on the order of methods: Kendall's τ ${low === high ? low : `${low} to ${high}`}`];
};

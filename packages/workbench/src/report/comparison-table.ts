/** What `compare` tells a person: what two runs have in common, what sets them apart, and the scores side by side. */

import { type ComparedMethod, type ComparedTable, maxOf, type RunComparison } from "@backlit/core";
import type { Surface } from "../host/surface.ts";
import { amount } from "./numbers.ts";
import { settingTitle } from "./score-table.ts";
import { type Column, table } from "./table.ts";

const INDENT = "  ";
const SHOWN = 8;

export const comparisonText = (comparison: RunComparison, io: Pick<Surface, "columns" | "colours">): string => {
  const { a, b, samples, onlyA, onlyB, tables } = comparison;
  const lines = [
    `A: ${a.model.name} on ${a.data.name}, ${a.data.count} samples`,
    `B: ${b.model.name} on ${b.data.name}, ${b.data.count} samples`,
    `compared on ${samples.matched} samples${leftOut(comparison)}`,
    ...differences(comparison),
    ...(onlyA.length > 0 ? [`only in A: ${onlyA.join("; ")}`] : []),
    ...(onlyB.length > 0 ? [`only in B: ${onlyB.join("; ")}`] : []),
    "",
  ];
  return [...lines, ...tables.filter(({ primary }) => primary).map((one) => section(one, comparison, io))].join("\n");
};

const leftOut = ({ samples: { otherTarget, onlyA, onlyB } }: RunComparison): string => {
  const parts = [
    ...(otherTarget > 0 ? [`${otherTarget} explained for another class`] : []),
    ...(onlyA > 0 ? [`${onlyA} only in A`] : []),
    ...(onlyB > 0 ? [`${onlyB} only in B`] : []),
  ];
  return parts.length > 0 ? `; left out: ${parts.join(", ")}` : "";
};

const differences = ({ differing }: RunComparison): string[] => {
  const runs = differing
    .filter(({ what }) => what !== "recipe")
    .map(({ what, a, b }) => (what === "model" || what === "data" ? `the ${what}` : `${what} ${short(a)} / ${short(b)}`));
  const recipes = differing.filter(({ what }) => what === "recipe");
  const methods = [...new Set(recipes.map(({ method }) => method!))];
  return [
    ...(runs.length > 0 ? [`differing: ${runs.join("; ")}`] : []),
    ...methods.map((name) =>
      recipeLine(
        name,
        recipes.filter(({ method }) => method === name),
      ),
    ),
  ];
};

const recipeLine = (method: string, fields: RunComparison["differing"]): string => {
  const told = fields.slice(0, SHOWN).map(({ field, a, b }) => `${field} ${short(a)} / ${short(b)}`);
  const more = fields.length > SHOWN ? `; ${fields.length - SHOWN} more in --json` : "";
  return `recipe of ${method}: ${told.join("; ")}${more}`;
};

const short = (value: unknown): string => {
  const text = value === undefined ? "none" : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
};

const section = (one: ComparedTable, { confidence }: RunComparison, io: Pick<Surface, "columns" | "colours">): string => {
  const { direction, methods, score } = one;
  const columns: Column[] = [
    { title: "method", cut: "middle", least: 12 },
    { title: "A", align: "right" },
    { title: "B", align: "right" },
    { title: "A − B", align: "right" },
    { title: `${Number((100 * confidence).toFixed(1))} % interval`, align: "right" },
    { title: "p (Holm)", align: "right" },
    { title: "effect", align: "right" },
    ...(direction ? [{ title: "A better", align: "right" } as const] : []),
    { title: "n", align: "right" },
  ];
  const format = formatOf(methods.flatMap(({ meanA, meanB }) => [meanA, meanB]));
  const rows = methods.map((method) => rowOf(method, format));
  const width = io.columns === undefined ? undefined : io.columns - INDENT.length;
  const better = direction === undefined ? "" : `: ${direction} is better`;
  const title = `${io.colours.bold(score === one.metric ? settingTitle(one) : `${score} of ${settingTitle(one)}`)}${better}`;
  const body = methods.length > 0 ? table(columns, rows, width) : ["no method with two common scores"];
  return [title, ...body.map((line) => INDENT + line), ""].join("\n");
};

const rowOf = (
  { a, b, n, meanA, meanB, difference, pHolm, effect, wins }: ComparedMethod,
  format: (value: number) => string,
): string[] => [
  a === b ? a : `${a} / ${b}`,
  format(meanA),
  format(meanB),
  signed(difference.mean, format),
  `${signed(difference.low, format)} to ${signed(difference.high, format)}`,
  pHolm < 0.001 ? "< 0.001" : pHolm.toFixed(3),
  Number.isFinite(effect) ? signed(effect, (value) => value.toFixed(2)) : "–",
  ...(wins === undefined ? [] : [`${Math.round(100 * wins)} %`]),
  String(n),
];

const formatOf = (values: readonly number[]): ((value: number) => string) => {
  const largest = maxOf(values.map(Math.abs), 0);
  return largest === 0 || (largest >= 0.02 && largest < 1e4) ? (value) => value.toFixed(3) : amount;
};

const signed = (value: number, format: (value: number) => string): string => `${value > 0 ? "+" : ""}${format(value)}`;

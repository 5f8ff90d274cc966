/** Measurements as rows: printed as a table, written as JSON. */
import type { Ratio, Spread } from "./measure.ts";

export interface Row {
  readonly network: string;
  readonly what: string;
  readonly value: number;
  /** "×" is times the bare forward run. */
  readonly unit: "×" | "ms" | "nodes" | "µs/node" | "MB" | "images/s" | "rows/s";
  readonly min?: number;
  readonly max?: number;
  /** Fastest over fastest. */
  readonly fastest?: number;
  readonly budget?: number;
}

export const within = ({ value, budget }: Row): boolean => budget === undefined || value <= budget;

/** A row of a spread, its median as the value. */
export const row = (
  network: string,
  what: string,
  unit: Row["unit"],
  { median, ...range }: Spread | Ratio,
  budget?: number,
): Row => ({
  network,
  what,
  value: median,
  unit,
  ...range,
  ...(budget !== undefined && { budget }),
});

const number = (value: number, unit: Row["unit"]): string =>
  value.toFixed(unit === "×" ? 2 : unit !== "nodes" && Math.abs(value) < 10 ? 1 : 0);

const HEAD = ["network", "what", "median", "", "min – max", "fastest", "budget", ""];

const cells = (it: Row): string[] => {
  const show = (value: number) => number(value, it.unit);
  const verdict = it.budget === undefined ? "" : within(it) ? "ok" : "over";
  const range = it.min === undefined ? "" : `${show(it.min)} – ${show(it.max!)}`;
  const fastest = it.fastest === undefined ? "" : show(it.fastest);
  return [it.network, it.what, show(it.value), it.unit, range, fastest, it.budget === undefined ? "" : `≤ ${it.budget}`, verdict];
};

/** Columns aligned; numbers to the right. */
export const table = (rows: readonly Row[]): string => {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 2 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};

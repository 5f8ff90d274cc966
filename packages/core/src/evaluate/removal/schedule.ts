/** After how many removed units the model is asked. */

import type { MethodParameter } from "../../cards/parameters.ts";
import { fail } from "../../errors.ts";

export const STEPS: MethodParameter = {
  what: "when the model is asked: log:N (N places, denser at the start), linear:N (N equal steps), every, every:K (each K units), first:L (each of the first L units), or the counts themselves, as in 0,1,5,10",
  default: "log:15",
};

/** Counts of removed units, ascending, for n units. log:N is {0, n} ∪ ⌊geomspace(1, n, N)⌋ (Blücher et al. 2024). Errors: BadRecipe. */
export const checkpointsOf = (n: number, steps: string): readonly number[] => {
  const [kind = "", number] = steps.split(":");
  const count = Number(number);
  const whole = number !== undefined && Number.isInteger(count) && count >= 1;
  if (kind === "log" && whole) return distinct([0, ...geometric(n, count), n]);
  if (kind === "linear" && whole) return distinct(Array.from({ length: count + 1 }, (_, i) => Math.round((i * n) / count)));
  if (kind === "every" && (number === undefined || whole))
    return distinct([...multiples(n, number === undefined ? 1 : count), n]);
  if (kind === "first" && whole) return multiples(Math.min(count, n), 1);
  const counts = steps.split(",").map(Number);
  if (/^\d+(,\d+)*$/.test(steps) && counts.every((k, i) => k <= n && (i === 0 || k > counts[i - 1]!))) return counts;
  throw fail("BadRecipe", {
    what: `steps '${steps}' of ${n} units`,
    fix: "log:N, linear:N, every, every:K, first:L, or ascending counts such as 0,1,5,10",
  });
};

// The small addend: powers that are whole numbers must not be rounded down by noise.
const geometric = (n: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.floor(n ** (count === 1 ? 0 : i / (count - 1)) + 1e-9));

const multiples = (n: number, step: number): number[] => Array.from({ length: Math.floor(n / step) + 1 }, (_, i) => i * step);

const distinct = (counts: readonly number[]): number[] => [...new Set(counts)].sort((a, b) => a - b);

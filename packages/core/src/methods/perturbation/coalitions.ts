/**
 * Games of groups: v(S) is the score of an input in which only the groups of the coalition S are there and the others have the values of
 * the baseline; with several baselines, the mean over them.
 */

import type { MethodParameter } from "../../cards/parameters.ts";
import { FEATURES, type Groups, groupsOf } from "../../features/index.ts";
import { maxOf, minOf } from "../../numeric/extremes.ts";
import type { Rows } from "../../oracle/rows.ts";
import { sampleOf } from "../../tensor/float.ts";
import type { Task } from "../method.ts";
import { type Baseline, baselinesOf } from "../reference/baseline.ts";

/** The parameter of methods that give a group one number. */
export const SHARE: MethodParameter = {
  what: "what each value of a group gets: an equal part of the group's number (the map adds up), or the whole",
  default: "equal",
  choices: ["equal", "whole"],
};

export { FEATURES };

/** The groups of each sample, as the parameter `features` says. */
export const groupsOfTask = ({ x, params, kind, groups }: Task): readonly Groups[] =>
  groupsOf(x, params.features as string, { kind, given: groups });

export interface Coalitions {
  /** How many are asked about, by sample. */
  readonly counts: readonly number[];
  /** Which groups of sample n coalition k keeps: 1 or 0 each. */
  keep(n: number, k: number, into: Uint8Array): void;
}

/** Calls `each` with v of every coalition, sample by sample, in order. `kept` is overwritten by the next. */
export const askCoalitions = async (
  task: Task,
  groups: readonly Groups[],
  { counts, keep }: Coalitions,
  each: (n: number, k: number, score: number, kept: Uint8Array) => void,
): Promise<void> => {
  const baselines = baselinesOf(task.params.baseline!, task);
  const rows = countedRows(counts.map((count) => count * baselines.length));
  const kept = groups.map(({ count }) => new Uint8Array(count));
  const coalition = (n: number, k: number): Uint8Array => {
    const into = kept[n]!.fill(0);
    keep(n, k, into);
    return into;
  };
  let total = 0;
  await task.oracle.scores(
    {
      ...rows,
      write: (row, into) => {
        const { n, k } = rows.place(row);
        const there = coalition(n, Math.floor(k / baselines.length));
        fill(into, baselines[k % baselines.length]!, n, sampleOf(task.x, n), groups[n]!.ids, there);
      },
    },
    (row, { score }) => {
      const { n, k } = rows.place(row);
      const b = k % baselines.length;
      total = b === 0 ? score : total + score;
      if (b < baselines.length - 1) return;
      const which = Math.floor(k / baselines.length);
      each(n, which, total / baselines.length, coalition(n, which));
    },
  );
};

const fill = (into: Float32Array, baseline: Baseline, n: number, sample: Float32Array, ids: Uint32Array, there: Uint8Array) => {
  baseline.write(n, into);
  for (let i = 0; i < into.length; i++) if (there[ids[i]!] === 1) into[i] = sample[i]!;
};

/** Rows of samples that have different numbers of them, one sample after another. */
export const countedRows = (
  counts: readonly number[],
): Omit<Rows, "write"> & { place(row: number): { readonly n: number; readonly k: number } } => {
  const ends: number[] = [];
  for (const count of counts) ends.push((ends.at(-1) ?? 0) + count);
  let at = 0; // rows come in order, mostly
  const sample = (row: number): number => {
    if (row < ends[at]! - counts[at]!) at = 0;
    while (row >= ends[at]!) at++;
    return at;
  };
  return {
    count: ends.at(-1) ?? 0,
    sample,
    place: (row) => {
      const n = sample(row);
      return { n, k: row - ends[n]! + counts[n]! };
    },
  };
};

/** Gives the values of sample n their group's number. */
export const giveToValues = (
  { ids, count }: Groups,
  numbers: ArrayLike<number>,
  share: string | number | boolean | undefined,
  into: Float32Array,
): void => {
  const sizes = new Float64Array(count).fill(share === "whole" ? 1 : 0);
  if (share !== "whole") for (const id of ids) sizes[id]!++;
  for (let i = 0; i < into.length; i++) into[i] = numbers[ids[i]!]! / sizes[ids[i]!]!;
};

/** "12 groups", "41 to 52 groups": what `features` came to. */
export const groupNotice = (groups: readonly Groups[], features: unknown): string => {
  const counts = groups.map(({ count }) => count);
  const [least, most] = [minOf(counts), maxOf(counts)];
  return `features ${features}: ${least === most ? most : `${least} to ${most}`} groups`;
};

/**
 * Do the same kind of samples come up when others are looked at? The data is split in halves at random; of a channel the samples with most relevance in
 * either half are compared by what else they use: the cosine of their mean channel relevances, less that of as many samples drawn at random.
 */
import { fail } from "../../errors.ts";
import { cosine } from "../../numeric/cosine.ts";
import { randomBy, type Stream } from "../../numeric/random.ts";
import type { ConceptResult } from "../result.ts";

/** Plain data. */
export interface ReferenceStability {
  /** By channel: 1 − baseline at most; about 0 where any samples would do. Absent for channels that are never relevant. */
  readonly channels: readonly (number | null)[];
  /** Mean over channels that are ever relevant. */
  readonly mean: number;
  /** Cosine of samples drawn at random. */
  readonly baseline: number;
}

export interface StabilityOptions {
  /** Reference samples of each half; default 8, at most a quarter of the samples. */
  readonly top?: number;
  /** Splits; default 10. */
  readonly rounds?: number;
  readonly random?: number;
}

/** `result`: one with vectors. Errors: BadInput without them, or for fewer than 8 samples. */
export const referenceStability = (
  { values }: Pick<ConceptResult, "values">,
  value: string,
  { top = 8, rounds = 10, random = 0 }: StabilityOptions = {},
): ReferenceStability => {
  const rows = values[value]?.vectors;
  if (rows === undefined || rows.length < 8)
    throw fail("BadInput", {
      what: `stability of ${rows === undefined ? "samples without vectors" : `${rows.length} samples`}`,
      where: `value '${value}'`,
      fix: "ask concepts for vectors of at least 8 samples",
    });
  const k = Math.max(1, Math.min(top, Math.floor(rows.length / 4)));
  const width = rows[0]!.length;
  const sums = new Float64Array(width);
  let chance = 0;
  for (let round = 0; round < rounds; round++) {
    const stream: Stream = randomBy(random).stream(round);
    const order = Array.from(stream.permutation(rows.length));
    const halves = [order.slice(0, order.length / 2), order.slice(order.length / 2)] as const;
    for (let c = 0; c < width; c++) {
      const best = halves.map((half) => [...half].sort((a, b) => rows[b]![c]! - rows[a]![c]! || a - b).slice(0, k));
      sums[c]! += alike(meanOf(best[0]!, rows), meanOf(best[1]!, rows)) / rounds;
    }
    // Halves are in random order.
    chance += alike(meanOf(halves[0].slice(0, k), rows), meanOf(halves[1].slice(0, k), rows)) / rounds;
  }
  const channels = Array.from(sums, (sum, c) => (rows.some((row) => row[c] !== 0) ? sum - chance : null));
  const ever = channels.filter((one) => one !== null);
  return { channels, mean: ever.reduce((sum, one) => sum + one, 0) / (ever.length || 1), baseline: chance };
};

const meanOf = (some: readonly number[], rows: readonly (readonly number[])[]): readonly number[] =>
  rows[0]!.map((_, d) => some.reduce((sum, n) => sum + rows[n]![d]!, 0) / some.length);

/** 0 where one of them uses nothing. */
const alike = (a: readonly number[], b: readonly number[]): number => cosine(a, b) || 0;

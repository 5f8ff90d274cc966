/**
 * The paired sign-flip permutation test (Fisher 1935; Efron and Tibshirani 1993, ch. 15): if two methods are equally good, a sample's
 * difference d_i might as well be −d_i. p is the share of the 2ⁿ sign patterns with |Σ ± d_i| ≥ |Σ d_i|: two-sided.
 *
 * Why not Wilcoxon's signed ranks (which Demšar 2006 advises across data sets, whose scores are not on one scale): here all differences
 * are of one score on one model, the table shows means, and a test of ranks may call better what is worse in the mean. This test's
 * statistic is the mean difference itself: p, interval and rank speak of the same number, and a single large loss is not ranked away.
 */
import { randomBy } from "../../numeric/random.ts";
import { alike, type Column, differenceOf } from "./column.ts";

export interface SignFlips {
  /** Two-sided p of "a and b are equally good", on the samples where both are defined; 1 where nothing differs. */
  p(a: Column, b: Column): number;
}

/** Up to this many samples that differ every pattern is tried. */
const EXACT = 12;

const KEY = 5;

/**
 * Above `EXACT` samples: Monte Carlo over `permutations` patterns drawn once, the same for every pair, p = (b + 1) / (m + 1) with b of m
 * patterns at least as extreme (Davison and Hinkley 1997, eq. 4.11), so never 0.
 */
export const signFlipsOf = (count: number, permutations: number, seed: number): SignFlips => {
  const bytes = Math.ceil(count / 8);
  let drawn: Uint8Array | undefined;
  const patterns = (): Uint8Array => {
    const stream = randomBy(seed).stream(KEY);
    drawn ??= Uint8Array.from({ length: permutations * bytes }, () => stream.below(256));
    return drawn;
  };
  const kept = new Map<Column, Float64Array>();
  const sums = (column: Column): Float64Array => {
    const found = kept.get(column) ?? flippedSums(column.values, patterns(), permutations);
    kept.set(column, found);
    return found;
  };
  return {
    p: (a, b) => {
      const difference = differenceOf(a, b);
      const differing = difference.values.filter((d) => d !== 0);
      if (differing.length <= EXACT) return exactSignFlip(differing);
      // A flipped sum of differences is a difference of flipped sums: one pass a method, not one a pair.
      const [first, second] = alike(a, b) ? [sums(a), sums(b)] : [sums(difference), undefined];
      const least = atLeast(difference.values, a.values, b.values);
      let extreme = 0;
      for (let k = 0; k < permutations; k++) if (Math.abs(first[k]! - (second?.[k] ?? 0)) >= least) extreme += 1;
      return (extreme + 1) / (permutations + 1);
    },
  };
};

/**
 * p over all 2ⁿ patterns. A pattern and its opposite are equally extreme: half of them are tried.
 * @internal Exported for its tests.
 */
export const exactSignFlip = (differences: ArrayLike<number>): number => {
  const n = differences.length;
  if (n === 0) return 1;
  const least = atLeast(differences);
  const patterns = 2 ** (n - 1);
  let extreme = 0;
  for (let pattern = 0; pattern < patterns; pattern++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (pattern >> i) & 1 ? -differences[i]! : differences[i]!;
    if (Math.abs(sum) >= least) extreme += 1;
  }
  return extreme / patterns;
};

/** |Σ d|, less what rounding may take away from an equal sum. */
const atLeast = (differences: ArrayLike<number>, ...summed: readonly ArrayLike<number>[]): number => {
  let [sum, size] = [0, 0];
  for (let i = 0; i < differences.length; i++) {
    sum += differences[i]!;
    for (const values of [differences, ...summed]) size += Math.abs(values[i]!);
  }
  return Math.abs(sum) - 1e-13 * size;
};

/**
 * Σ ± v_i for every pattern of bits, eight samples a byte: the 256 sums of each eight samples are made once and looked up after that
 * (the method of the four Russians).
 */
const flippedSums = (values: Float64Array, patterns: Uint8Array, count: number): Float64Array => {
  const bytes = patterns.length / count;
  const sums = new Float64Array(count);
  const table = new Float64Array(256);
  for (let byte = 0; byte < bytes; byte++) {
    const of = values.subarray(8 * byte, 8 * byte + 8);
    table[0] = of.reduce((sum, v) => sum + v, 0);
    // A pattern is the one without its lowest bit, with one sign more turned.
    for (let bits = 1; bits < 256; bits++) table[bits] = table[bits & (bits - 1)]! - 2 * (of[31 - Math.clz32(bits & -bits)] ?? 0);
    for (let k = 0; k < count; k++) sums[k]! += table[patterns[k * bytes + byte]!]!;
  }
  return sums;
};

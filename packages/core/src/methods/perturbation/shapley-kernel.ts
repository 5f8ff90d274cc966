/**
 * Which coalitions KernelSHAP asks about, and how much each counts. A size s of M has the weight (M − 1)/(s (M − s)), shared by its C(M, s) coalitions
 * (Lundberg and Lee 2017, theorem 2). Sizes are paired, s with M − s: a coalition and the rest of the groups. From the smallest on, a pair of sizes
 * is taken whole while its part of what may be asked suffices; what is left is drawn at random, each coalition followed by its complement.
 */
import type { Random } from "../../numeric/random.ts";

export interface KernelPlan {
  readonly count: number;
  readonly exact: boolean;
  /** Writes coalition k (1 or 0 a group; `into` is zeros) and returns its weight. */
  write(k: number, into: Uint8Array): number;
}

/** Of m ≥ 2 groups; `keys` name the stream of random numbers. */
export const kernelPlan = (m: number, most: number, random: Random, ...keys: readonly number[]): KernelPlan => {
  const sizes = Array.from({ length: Math.floor(m / 2) }, (_, i) => {
    const size = i + 1;
    const paired = 2 * size < m;
    return {
      size,
      count: choose(m, size) * (paired ? 2 : 1),
      weight: ((m - 1) / (size * (m - size))) * (paired ? 2 : 1),
      paired,
    };
  });
  const all = m < 50 && 2 ** m - 2 <= most;
  let left = most;
  let taken = 0;
  const weightFrom = (from: number) => sizes.slice(from).reduce((sum, { weight }) => sum + weight, 0);
  while (taken < sizes.length && (all || (left * sizes[taken]!.weight) / weightFrom(taken) >= sizes[taken]!.count)) {
    left -= sizes[taken]!.count;
    taken++;
  }
  const drawn = taken === sizes.length ? 0 : Math.max(2, left - (left % 2));
  const rest = sizes.slice(taken);
  const restWeight = weightFrom(taken);
  const whole = sizes.slice(0, taken);
  const enumerated = whole.reduce((sum, { count }) => sum + count, 0);
  const write = (k: number, into: Uint8Array): number => {
    let at = k;
    for (const { size, count, weight, paired } of whole) {
      if (at >= count) {
        at -= count;
        continue;
      }
      subset(paired ? at >> 1 : at, size, into);
      if (paired && at % 2 === 1) complement(into);
      return weight / count;
    }
    const stream = random.stream(...keys, at >> 1);
    const { size } = pick(rest, stream.next() * restWeight);
    // Floyd's sample of `size` of m.
    for (let j = m - size; j < m; j++) {
      const t = stream.below(j + 1);
      into[into[t] === 1 ? j : t] = 1;
    }
    if (at % 2 === 1) complement(into);
    return restWeight / drawn;
  };
  return { count: enumerated + drawn, exact: drawn === 0, write };
};

/** The first whose weight, added to those before it, exceeds `point`. */
const pick = <S extends { readonly weight: number }>(sizes: readonly S[], point: number): S => {
  let sum = 0;
  for (const size of sizes) {
    sum += size.weight;
    if (point < sum) return size;
  }
  return sizes.at(-1)!;
};

const complement = (set: Uint8Array): void => {
  for (let i = 0; i < set.length; i++) set[i]! ^= 1;
};

const choose = (n: number, k: number): number => {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return Math.round(result);
};

/** The k-th subset of that size, in lexicographic order. */
const subset = (k: number, size: number, into: Uint8Array): void => {
  let [left, rest] = [size, k];
  for (let i = 0; left > 0; i++) {
    const here = choose(into.length - i - 1, left - 1);
    if (rest < here) {
      into[i] = 1;
      left--;
    } else rest -= here;
  }
};

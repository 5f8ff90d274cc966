/** Times side by side: A B A B …, one ratio per pair, the median of the ratios. A busy machine slows both halves of a pair. */
import type { Session, Tensor } from "@backlit/core";

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws nothing; of an empty list all three are NaN */
export const spread = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  return { median: sorted.length === 0 ? Number.NaN : median, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
};

export type Work = () => Promise<unknown>;

/** Milliseconds of one call. */
export const timed = async (work: Work): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

export interface Comparison {
  /** Milliseconds of each. */
  readonly a: Spread;
  readonly b: Spread;
  /** b / a, pair by pair. */
  readonly ratio: Spread;
}

const WARM_UP = 2;

/** `rounds` pairs after two unmeasured ones; which comes first changes from pair to pair. */
export const compare = async (a: Work, b: Work, rounds: number): Promise<Comparison> => {
  const [as, bs]: [number[], number[]] = [[], []];
  for (let round = -WARM_UP; round < rounds; round++) {
    const even = round % 2 === 0;
    const first = await timed(even ? a : b);
    const second = await timed(even ? b : a);
    if (round < 0) continue;
    as.push(even ? first : second);
    bs.push(even ? second : first);
  }
  return { a: spread(as), b: spread(bs), ratio: spread(as.map((ms, i) => bs[i]! / ms)) };
};

/** A run of a session on the same input each time. */
export const running =
  (session: Session, feeds: Readonly<Record<string, Tensor>>): Work =>
  () =>
    session.run(feeds);

/** Times side by side: AAA BBB AAA BBB …, compared round by round. A busy machine slows a whole round, and the ratios stay. */
import type { Session, Tensor } from "@backlit/core";

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Of an empty list all three are NaN. */
export const spread = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  return { median: sorted.length === 0 ? Number.NaN : median, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
};

export type Work = () => Promise<unknown>;

/** Milliseconds since some beginning. */
export type Clock = () => number;

const wall: Clock = () => performance.now();

/** Of all threads of this process: with sessions of one thread the time of the work alone, whatever else the machine does. */
export const processor: Clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** The result, and the milliseconds it took. */
export const timed = async <T>(work: () => T | Promise<T>, clock: Clock = wall): Promise<readonly [T, number]> => {
  const start = clock();
  const result = await work();
  return [result, clock() - start];
};

/** Runs of one work in a row. The first is not counted: the threads of the session before are still spinning then. */
const TURN = 3;

/**
 * Milliseconds by round, one list per work: the fastest of its turn. Two unmeasured rounds come first; every other round runs
 * backwards.
 */
export const sideBySide = async (
  works: readonly Work[],
  rounds: number,
  clock: Clock = wall,
): Promise<readonly (readonly number[])[]> => {
  const times: number[][] = works.map(() => []);
  const order = works.map((_, i) => i);
  for (let round = -2; round < rounds; round++)
    for (const i of round % 2 === 0 ? order : order.toReversed()) {
      const turn: number[] = [];
      for (let k = 0; k < TURN; k++) turn.push((await timed(works[i]!, clock))[1]);
      if (round >= 0) times[i]!.push(Math.min(...turn.slice(1)));
    }
  return times;
};

/**
 * Milliseconds by round of A B A B …, one run each, as a service that serves both would see them. The threads of the session before
 * are still spinning when a run begins, which costs the short run of the bare model more than the long one.
 */
export const alternating = async (
  works: readonly Work[],
  rounds: number,
  clock: Clock = wall,
): Promise<readonly (readonly number[])[]> => {
  const times: number[][] = works.map(() => []);
  for (let round = -2; round < rounds; round++)
    for (const [i, work] of works.entries()) {
      const [, ms] = await timed(work, clock);
      if (round >= 0) times[i]!.push(ms);
    }
  return times;
};

export interface Ratio extends Spread {
  /** Fastest b over fastest a: what is left when other work disturbs most rounds. */
  readonly fastest: number;
}

/** Of b / a, round by round. */
export const ratio = (a: readonly number[], b: readonly number[]): Ratio => ({
  ...spread(a.map((ms, i) => b[i]! / ms)),
  fastest: Math.min(...b) / Math.min(...a),
});

/** A run of a session on the same input each time. */
export const running =
  (session: Session, feeds: Readonly<Record<string, Tensor>>): Work =>
  () =>
    session.run(feeds);

/**
 * Coordinate search: one group of layers after another, every choice for it tried, the best taken if its gain is no noise. Choices
 * are thinned by successive halving (Karnin et al. 2013): all on a quarter of the samples, the better half on twice as many, and so on.
 */
import type { Explainer } from "../../explain/index.ts";
import { type Candidate, withChoice } from "./candidate.ts";
import type { Dimension } from "./choices.ts";
import type { Objective } from "./objective.ts";

export interface TuneTry {
  readonly candidate: string;
  /** Samples it was measured on. */
  readonly n: number;
  /** Mean gain over what it was to replace, paired by sample, and its standard error; absent where it could not be run. */
  readonly gain?: number;
  readonly error?: number;
}

export interface TuneRound {
  readonly group: string;
  readonly tries: readonly TuneTry[];
  /** What was taken; absent where nothing was better. */
  readonly took?: string;
}

export interface Searched {
  readonly best: Candidate;
  readonly rounds: readonly TuneRound[];
  /** Recipes measured, the default among them. */
  readonly tried: number;
  /** The budget ended the search. */
  readonly exhausted: boolean;
}

export interface SearchTask {
  readonly objective: Objective;
  readonly count: number;
  /** Samples read together. */
  readonly chunk: number;
  readonly dimensions: readonly Dimension[];
  /** Recipes measured at most. */
  readonly budget: number;
  readonly onRound?: (group: string, tried: number) => void;
}

const PASSES = 3;
const LEAST = 16;

/** `starts`: the default first. */
export const search = async (lit: Explainer, starts: readonly Candidate[], task: SearchTask): Promise<Searched> => {
  const { dimensions, budget } = task;
  const seen = new Set<string>();
  const rounds: TuneRound[] = [];
  let exhausted = false;
  const fresh = (candidates: readonly Candidate[]): Candidate[] => {
    const left: Candidate[] = [];
    for (const candidate of candidates) {
      if (seen.has(candidate.same)) continue;
      if (seen.size >= budget) {
        exhausted = true;
        break;
      }
      seen.add(candidate.same);
      left.push(candidate);
    }
    return left;
  };
  const [first, ...others] = starts as [Candidate, ...Candidate[]];
  let [best] = fresh([first]) as [Candidate];
  const step = async (group: string, candidates: readonly Candidate[]): Promise<boolean> => {
    const own = fresh(candidates);
    if (own.length === 0) return false;
    task.onRound?.(group, seen.size);
    const { took, tries } = await halving(best, own, task);
    rounds.push({ group, tries, ...(took && { took: took.name }) });
    best = took ?? best;
    return took !== undefined;
  };
  await step("composites", others);
  for (let pass = 0, moved = true; moved && pass < PASSES && !exhausted; pass++) {
    moved = false;
    for (const dimension of dimensions) {
      const moves = dimension.choices.flatMap((choice) => withChoice(lit, best, dimensions, dimension, choice) ?? []);
      moved = (await step(dimension.name, moves)) || moved;
    }
  }
  return { best, rounds, tried: seen.size, exhausted };
};

/** The best of the candidates where it is better than `best` by more than its standard error, on all samples. */
const halving = async (best: Candidate, candidates: readonly Candidate[], { objective, count, chunk }: SearchTask) => {
  const tries = new Map<Candidate, TuneTry>();
  let alive = [...candidates];
  for (const n of stages(count, chunk, candidates.length)) {
    const [own, ...values] = await objective.values([best, ...alive], n);
    alive.forEach((one, i) => {
      tries.set(one, { candidate: one.name, n, ...(own && values[i] && gainOf(values[i], own)) });
    });
    const gain = (one: Candidate) => tries.get(one)!.gain ?? -Infinity;
    const sorted = [...alive].sort((a, b) => gain(b) - gain(a));
    alive = n === count ? sorted.slice(0, 1) : sorted.slice(0, Math.ceil(sorted.length / 2));
  }
  const found = tries.get(alive[0]!)!;
  const better = found.gain !== undefined && found.gain > 0 && found.gain > found.error!;
  return { took: better ? alive[0]! : undefined, tries: candidates.map((one) => tries.get(one)!) };
};

/** A quarter, a half, all of the samples, in whole chunks; few samples or candidates are not worth halving. */
const stages = (count: number, chunk: number, candidates: number): readonly number[] => {
  if (candidates < 3) return [count];
  const whole = (n: number) => Math.min(count, Math.ceil(n / chunk) * chunk);
  return [...new Set([count / 4, count / 2].map(whole).filter((n) => n >= Math.min(LEAST, count)))]
    .filter((n) => n < count)
    .concat(count);
};

/** Mean of the differences and its standard error, over the samples on which the old one has a value. NaN of the new one: no gain. */
const gainOf = (values: Float64Array, old: Float64Array): { readonly gain?: number; readonly error?: number } => {
  const differences = Array.from(values, (value, n) => value - old[n]!).filter((_, n) => !Number.isNaN(old[n]));
  const n = differences.length;
  const mean = differences.reduce((a, b) => a + b, 0) / n;
  if (!Number.isFinite(mean)) return {};
  const squares = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0);
  return { gain: mean, error: n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n) };
};

/**
 * Sets of origins that grow along a graph, each by reference to those before it: a copy at every node would make a chain of n nodes
 * cost n².
 */
import { derived } from "../../graph/derived.ts";
import type { Origins } from "./origins.ts";

export interface Mix {
  readonly own: readonly number[];
  readonly before: readonly Mix[];
}

export const NOTHING: Mix = { own: [], before: [] };

/** All that is in some of these, and in `own`. */
export const union = (mixes: readonly Mix[], own: readonly number[] = []): Mix => {
  const before = [...new Set(mixes)].filter((mix) => mix !== NOTHING);
  if (own.length === 0 && before.length <= 1) return before[0] ?? NOTHING;
  return { own, before };
};

/** Every origin of a set, some more than once. */
export const originsOf = function* (mix: Mix): Generator<number> {
  const seen = new Set([mix]);
  for (const one of seen) {
    yield* one.own;
    for (const other of one.before) seen.add(other);
  }
};

/** Whether a set holds what `root` stands for; each set is looked at once, so asking for all values of a graph is linear in it. */
export const holding = (origins: Origins, root: number): ((mix: Mix) => boolean) =>
  derived<Mix, boolean>({
    before: (mix) => mix.before,
    make: (mix, of) => mix.own.some((origin) => origins.find(origin) === root) || mix.before.some(of),
    circular: false,
  });

/**
 * Relevance at a value while the walk goes back. It is kept as a sum of pairs (y, m), each meaning y ⊙ m, and multiplied
 * out only where a rule needs it: an ε layer reads R ⊘ stab(z) = m ⊙ |y| ⊘ (|y| + ε) off a pair directly, and pairs over
 * the same value (the two ends of a residual block) add by their multipliers alone. `full` is relevance without a factor.
 */
import type { Builder } from "../graph/builder.ts";
import { plus, timesValue } from "../ops/index.ts";

export interface Flow {
  readonly full?: string;
  /** Multiplier by value name. */
  readonly pairs: ReadonlyMap<string, string>;
}

export const full = (r: string): Flow => ({ full: r, pairs: new Map() });
export const pair = (value: string, multiplier: string): Flow => ({ pairs: new Map([[value, multiplier]]) });

/** The sum of two flows at one value. `channels`: of maps that what follows leaves in the blocked layout. */
export const addFlows = (g: Builder, a: Flow | undefined, b: Flow, channels?: number): Flow => {
  if (a === undefined) return b;
  const sum = (one: string, other: string) => plus(g, one, other, channels);
  const pairs = new Map(a.pairs);
  for (const [value, m] of b.pairs) pairs.set(value, pairs.has(value) ? sum(pairs.get(value)!, m) : m);
  const both = [a.full, b.full].filter((r) => r !== undefined);
  return { pairs, ...(both.length > 0 && { full: both.reduce(sum) }) };
};

/** R itself. */
export const multiplied = (g: Builder, flow: Flow): string =>
  g.sum([...[...flow.pairs].map(([value, m]) => timesValue(g, value, m)), ...(flow.full === undefined ? [] : [flow.full])]);

/** Some of it is a multiple of a value, whose own rounding it shares: an activation of z, say. */
export const hasFactor = (flow: Flow): boolean => flow.pairs.size > 0;

/** The multiplier m when R = value ⊙ m and nothing else. */
export const multiplierOf = (flow: Flow, value: string): string | undefined =>
  flow.full === undefined && flow.pairs.size === 1 ? flow.pairs.get(value) : undefined;

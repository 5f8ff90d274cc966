/**
 * The explained score at the rows of the batch and of the background, and what each background row's Shapley values count where the
 * score s is not the sum f over the trees itself: (s(x) − s(z))/(f(x) − f(z)), the slope where both are the same.
 */
import type { Builder } from "../../graph/builder.ts";
import type { Plan } from "../../plan/index.ts";
import { type Logits, logitsOf } from "../logits.ts";
import { Tail } from "../tail.ts";
import type { Background } from "./background.ts";

export interface Scored {
  /** [N, 1] and [N, background]: the explained score. */
  readonly x: string;
  readonly z: string;
  /** [N, background]; undefined where each counts once. */
  readonly counts?: string;
}

/** `v`: the direction that is explained, [N, values of the start]. */
export const scoredOf = (g: Builder, plan: Plan, logits: Logits, v: string, background: Background): Scored => {
  const there = logitsOf(g, plan, background.reference.of(plan.start)).flat;
  const x = g.reduceSum(g.mul(v, logits.flat), [-1]);
  const z = g.op("MatMul", [v, g.transpose(there, [1, 0])]);
  const { recipe, reading, trees } = plan;
  if (recipe.score === "probability" && reading.link.kind === "sigmoid") {
    const [p, q] = [g.op("Sigmoid", [x]), g.op("Sigmoid", [z])];
    const slope = g.mul(p, g.sub(g.floats(1), p));
    return { x: p, z: q, counts: shared(g, { p, q, f: x, there: z, slope }) };
  }
  if (trees!.waist === undefined) return { x, z };
  const single = (value: string) => g.op("Reshape", [value, g.ints([-1, 1])]);
  const waist = trees!.waist;
  const f = single(waist);
  const at = g.transpose(single(background.reference.of(waist)), [1, 0]);
  const tail = new Tail(g, plan.start, logits.unflatten(v));
  for (const step of [...trees!.bent].reverse()) tail.through(step);
  return { x, z, counts: shared(g, { p: x, q: z, f, there: at, slope: single(tail.take(waist)!) }) };
};

interface Differences {
  readonly p: string;
  readonly q: string;
  readonly f: string;
  readonly there: string;
  readonly slope: string;
}

const shared = (g: Builder, { p, q, f, there, slope }: Differences): string => {
  const apart = g.sub(f, there);
  const same = g.op("Equal", [apart, g.floats(0)]);
  const ratio = g.div(g.sub(p, q), g.op("Where", [same, g.floats(1), apart]));
  return g.op("Where", [same, slope, ratio]);
};

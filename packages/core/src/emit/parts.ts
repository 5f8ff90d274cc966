/** The parts a rule names, as nodes on the layer's own input, weight and bias. Those on weights are folded at load. */
import type { Builder } from "../graph/builder.ts";
import { blockable, isUnbounded, type LinearRole, minus, type Site } from "../ops/index.ts";
import type { InputPart, Part } from "../rules/index.ts";

/** x⁺, x⁻, |x|, 1 or a bound, in the shape of input i, bounds along its channels (batch 1 for the last two: they broadcast). */
export const inputPart = (site: Site, role: LinearRole, part: InputPart, i: number): string => {
  const { g, facts, node } = site;
  const x = node.input[i]!;
  if (part === "all") return x;
  if (part === "positive") return g.relu(x);
  if (part === "negative") {
    const channels = role.kind === "linear" && !isUnbounded(site) ? blockable(facts.shapeOf(x)) : undefined;
    return channels === undefined ? g.negativePart(x) : minus(g, x, g.relu(x), channels);
  }
  if (part === "abs") return g.op("Abs", [x]);
  const bound = part === "one" ? 1 : part.bound;
  if (typeof bound === "string") return bound;
  const layout = (n: number) => facts.shapeOf(x).map((_, axis) => (axis === (role.inputAxis ?? 1) ? n : 1));
  const value = typeof bound === "number" ? g.floats(bound) : g.floats(bound, layout(bound.length));
  return role.wholeShape ? g.op("Expand", [value, g.op("Shape", [x])]) : g.filled(value, x);
};

/** Whether a part looks at the input at all. */
export const isFixed = (part: InputPart): boolean => part === "one" || typeof part === "object";

/** w, w⁺, w⁻, |w|, w², 1. */
export const parameterPart = (g: Builder, value: string, part: Part): string => {
  switch (part) {
    case "all":
      return value;
    case "positive":
      return g.relu(value);
    case "negative":
      return g.negativePart(value);
    case "abs":
      return g.op("Abs", [value]);
    case "square":
      return g.mul(value, value);
    case "one":
      return g.op("Expand", [g.floats(1), g.shape(value)]);
  }
};

/** The same where there is no weight: all coefficients are ≥ 0, so that w⁺ = |w| = w and w⁻ = 0. */
export const coefficientPart = (part: Part): number => (part === "negative" ? 0 : 1);

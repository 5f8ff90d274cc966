/** ReduceMax, ReduceMin, GlobalMaxPool, Max, Min, and Clip by computed bounds: all to the winner, the first one on ties. */

import { activation } from "./activations.ts";
import { reducedAxes, restoreAxes } from "./reduce.ts";
import { type Op, type Site, unbroadcastTo, varying } from "./role.ts";

/** One-hot of the first maximum (or minimum) along the last axis of [.., n]. */
const firstExtremum = ({ g }: Site, x: string, sign: 1 | -1): string => {
  const index = g.op(sign === 1 ? "ArgMax" : "ArgMin", [x], { axis: -1, keepdims: 0 });
  const depth = g.op("Gather", [g.op("Shape", [x]), g.ints(-1)], { axis: 0 });
  return g.op("OneHot", [index, depth, g.floats([0, 1])], { axis: -1 });
};

/** Over several axes: they are moved to the end and flattened, in row-major order. */
const overAxes = (site: Site, r: string, axes: readonly number[], sign: 1 | -1 = 1): string => {
  const { g, facts, node } = site;
  const x = node.input[0]!;
  const rank = facts.rank(x);
  const perm = [...Array.from({ length: rank }, (_, i) => i).filter((i) => !axes.includes(i)), ...axes];
  const moved = g.transpose(x, perm);
  const kept = rank - axes.length;
  const flat = g.op("Reshape", [moved, g.ints([...(kept === 0 ? [1] : Array.from({ length: kept }, () => 0)), -1])]);
  const won = g.op("Reshape", [firstExtremum(site, flat, sign), g.op("Shape", [moved])]);
  return g.mul(
    g.transpose(
      won,
      perm.map((_, i) => perm.indexOf(i)),
    ),
    r,
  );
};

const reduction =
  (sign: 1 | -1): Op =>
  (node, facts) => {
    const axes = reducedAxes(node, facts);
    if (typeof axes === "string") return axes;
    return {
      kind: "selection",
      inputs: [0],
      vjp: (site, [r]) => overAxes(site, restoreAxes(site, r!, node, axes), axes, sign),
      nonnegative: (input) => input(0),
    };
  };
export const ReduceMax = reduction(1);
export const ReduceMin = reduction(-1);

export const GlobalMaxPool: Op = (node, facts) => ({
  kind: "selection",
  inputs: [0],
  vjp: (site, [r]) =>
    overAxes(
      site,
      r!,
      facts
        .shapeOf(node.input[0]!)
        .slice(2)
        .map((_, i) => i + 2),
    ),
  nonnegative: (input) => input(0),
});

/** Of several inputs, to the one that equals the result. What earlier ones have not taken goes to this one. */
const extremum =
  (all: (inputs: readonly boolean[]) => boolean): Op =>
  (node, facts) => ({
    kind: "selection",
    inputs: varying(node, facts),
    nonnegative: (input) => all(node.input.map((_, i) => input(i))),
    vjp: (site, [r], i) => {
      const { g } = site;
      const equals = (name: string) => g.mask(g.op("Equal", [name, node.output[0]!]));
      const earlier = node.input.slice(0, i).filter((name) => name !== "");
      const free = earlier.reduce((left, name) => g.sub(left, g.mul(left, equals(name))), r!);
      return unbroadcastTo(site, g.mul(free, equals(node.input[i]!)), i);
    },
  });
export const Max = extremum((inputs) => inputs.some(Boolean));
export const Min = extremum((inputs) => inputs.every(Boolean));

/** An activation where its bounds are constants; else the winner of x, low and high. */
export const Clip: Op = (node, facts) =>
  varying(node, facts).some((i) => i > 0)
    ? extremum((inputs) => inputs.every(Boolean))(node, facts)
    : activation("Clip")(node, facts);

/**
 * ScatterElements and ScatterND: y is x with updates put in at some positions. What arrives there belongs to the updates, the rest to
 * x; with reduction "add" x keeps all of it, with "max" and "min" the winner has it, x before the updates on ties. TopK and MaxUnpool put values in or take them out by positions the runtime found.
 */
import type { Builder } from "../graph/builder.ts";
import { attr, getInts, getString } from "../onnx/attributes.ts";
import { type AttributeProto, DataType } from "../onnx/proto.ts";
import { axisOf } from "./axes.ts";
import { move } from "./move.ts";
import { addAt } from "./positions.ts";
import { againAt, first, type LinearRole, type Op, type Site, zerosLike } from "./role.ts";

interface Positions {
  read(g: Builder, r: string): string;
  write(g: Builder, r: string, updates: string): string;
}

const scatter =
  (positions: (input: readonly string[], axis: () => number) => Positions): Op =>
  (node, facts) => {
    const updates = node.input[2]!;
    const inputs = [0, 2].filter((i) => !facts.isConstant(node.input[i]!));
    const reduction = getString(node, "reduction", "none");
    const at = positions(node.input, () => axisOf(node, facts.rank(node.input[0]!), 0));
    if (reduction === "add") {
      const adjoint: LinearRole["adjoint"] = ({ g }, s, i) => (i === 0 ? s : at.read(g, s));
      return {
        kind: "sum",
        inputs,
        positive: inputs.length === 2,
        nonnegative: (input) => input(0) && input(2),
        apply: (site, x) => againAt(site, inputs, x),
        adjoint,
        vjp: (site, [r], i) => adjoint(site, r!, i),
      };
    }
    if (reduction === "max" || reduction === "min")
      return {
        kind: "selection",
        inputs,
        nonnegative: (input) => (reduction === "max" ? input(0) || input(2) : input(0) && input(2)),
        vjp: (site, r, i) => wins(site, at, first(site, r), i),
      };
    if (reduction !== "none") return `its reduction is '${reduction}'`;
    return move(node, facts, [0, 2], ({ g }, [r], i) => (i === 0 ? at.write(g, r!, zerosLike(g, updates)) : at.read(g, r!)));
  };

/** r where input i is the first that equals the result: x, then the updates in their order. */
const wins = ({ g, node }: Site, { read }: Positions, r: string, i: number): string => {
  const [x, , updates] = node.input as [string, string, string];
  const y = node.output[0]!;
  const kept = g.mask(g.op("Equal", [x, y]));
  if (i === 0) return g.mul(r, kept);
  const equal = g.mask(g.op("Equal", [updates, read(g, y)]));
  const candidates = g.mul(equal, g.sub(g.floats(1), read(g, kept)));
  // Numbers from the last update down to 1: the first of those that qualify has the largest.
  const count = g.op("Cast", [g.op("Size", [updates])], { to: DataType.FLOAT });
  const numbers = g.op("Reshape", [g.op("Range", [count, g.floats(0), g.floats(-1)]), g.op("Shape", [updates])]);
  const ranked = g.mul(candidates, numbers);
  const best = g.emit({ ...node, input: [zerosLike(g, x), node.input[1]!, ranked], attribute: largest(node) })[0]!;
  return g.mul(read(g, r), g.mul(candidates, g.mask(g.op("Equal", [ranked, read(g, best)]))));
};

const largest = ({ attribute }: Site["node"]): readonly AttributeProto[] =>
  attribute.map((a) => (a.name === "reduction" ? attr.string("reduction", "max") : a));

export const ScatterElements = scatter(([, index], axis) => ({
  read: (g, r) => g.op("GatherElements", [r, index!], { axis: axis() }),
  write: (g, r, updates) => g.op("ScatterElements", [r, index!, updates], { axis: axis() }),
}));

export const ScatterND = scatter(([, index]) => ({
  read: (g, r) => g.op("GatherND", [r, index!]),
  write: (g, r, updates) => g.op("ScatterND", [r, index!, updates]),
}));

/** The k largest: a selection that knows where each value came from. */
export const TopK: Op = (node, facts) => {
  const x = node.input[0]!;
  return {
    kind: "selection",
    inputs: facts.isConstant(x) ? [] : [0],
    nonnegative: (input) => input(0),
    vjp: (site, r) => {
      const { g } = site;
      const { opType, domain, input, attribute } = node;
      const index = node.output[1] || g.emit({ opType, domain, input, attribute }, 2)[1]!;
      return addAt(g, zerosLike(g, x), index, first(site, r), axisOf(node, facts.rank(x), -1));
    },
  };
};

/** Values put where a MaxPool found them: positions in the whole tensor, row by row. */
export const MaxUnpool: Op = (node, facts) => {
  const [x, index, size] = node.input as [string, string, string?];
  const [strides, kernel] = [getInts(node, "strides"), getInts(node, "kernel_shape")!];
  if (size) return "its output has a size of its own";
  if (kernel.some((k, i) => k > (strides?.[i] ?? 1))) return "its windows overlap";
  return move(node, facts, [0], ({ g }, [r]) => {
    const flat = (value: string) => g.op("Reshape", [value, g.ints([-1])]);
    return g.op("Reshape", [g.op("GatherElements", [flat(r!), flat(index)], { axis: 0 }), g.shape(x)]);
  });
};

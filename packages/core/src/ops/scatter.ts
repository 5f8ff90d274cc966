/**
 * ScatterElements and ScatterND: y is x with updates put in at some positions. What arrives there belongs to the updates, the rest to
 * x; with reduction "add" x keeps all of it. TopK and MaxUnpool put values in or take them out by positions the runtime found.
 */
import type { Builder } from "../graph/builder.ts";
import { getInts, getString } from "../onnx/attributes.ts";
import { axisOf } from "./axes.ts";
import { move } from "./move.ts";
import { addAt } from "./positions.ts";
import { againAt, first, type LinearRole, type Op, zerosLike } from "./role.ts";

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
    if (reduction !== "none") return `its reduction is '${reduction}'`;
    return move(node, facts, [0, 2], ({ g }, [r], i) => (i === 0 ? at.write(g, r!, zerosLike(g, updates)) : at.read(g, r!)));
  };

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

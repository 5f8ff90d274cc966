/**
 * Add, Sub, Sum, Mean of activations are sums; one activation and constants is a shift. Mul and Div by a constant scale; of two
 * activations they are products. Broadcasting is undone by summing over the broadcast axes.
 */
import type { Facts } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import { shared, weighed } from "./guard.ts";
import { againAt, type LinearRole, type Op, type OtherRole, type Role, type Site, unbroadcastTo, varying } from "./role.ts";

/** Σ cᵢ xᵢ, with constant coefficients and constant summands. */
const weightedSum = (node: GraphNode, facts: Facts, coefficient: (i: number) => number): Role => {
  const inputs = varying(node, facts);
  const times = (site: Site, r: string, i: number) =>
    coefficient(i) === -1 ? site.g.op("Neg", [r]) : site.g.scale(r, coefficient(i));
  const adjoint = (site: Site, s: string, i: number) => unbroadcastTo(site, times(site, s, i), i);
  const constants = inputs.length < node.input.length;
  if (constants && inputs.length === 1) return { kind: "shift", inputs, vjp: (site, [g], i) => adjoint(site, g!, i) };
  const role: LinearRole = {
    kind: "sum",
    inputs,
    positive: !constants && inputs.every((i) => coefficient(i) > 0),
    nonnegative: (input) => node.input.every((_, i) => coefficient(i) > 0 && input(i)),
    apply: (site, x) => againAt(site, inputs, x),
    adjoint,
    vjp: (site, [g], i) => adjoint(site, g!, i),
  };
  return role;
};

export const Add: Op = (node, facts) => weightedSum(node, facts, () => 1);
export const Sum: Op = (node, facts) => weightedSum(node, facts, () => 1);
export const Sub: Op = (node, facts) => weightedSum(node, facts, (i) => (i === 0 ? 1 : -1));
export const Mean: Op = (node, facts) => weightedSum(node, facts, () => 1 / node.input.length);

export const Neg: Op = () => ({ kind: "scale", inputs: [0], vjp: ({ g }, [r]) => g.op("Neg", [r!]) });

export const Mul: Op = (node, facts) => {
  const inputs = varying(node, facts);
  const vjp = (site: Site, [r]: readonly (string | undefined)[], i: number) =>
    unbroadcastTo(site, weighed(site, r!, node.input[1 - i]!), i);
  const nonnegative: OtherRole["nonnegative"] = (input) => inputs.length === 2 && input(0) && input(1);
  return { kind: inputs.length === 2 ? "product" : "scale", inputs, vjp, nonnegative };
};

export const Div: Op = (node, facts) => {
  const inputs = varying(node, facts);
  const b = node.input[1]!;
  const vjp = (site: Site, [r]: readonly (string | undefined)[], i: number) => {
    const { g } = site;
    const share = shared(site, r!, b);
    // ∂(a/b)/∂b = −(a/b)/b
    return unbroadcastTo(site, i === 0 ? share : g.op("Neg", [weighed(site, share, node.output[0]!)]), i);
  };
  return { kind: inputs.length === 1 && inputs[0] === 0 ? "scale" : "product", inputs, vjp };
};

/** y = γ (x − μ)/√(σ² + ε) + β per channel, where it could not be merged into a neighbour. */
export const BatchNormalization: Op = (node, facts) => {
  const [, scale, , , variance] = node.input as string[];
  if (node.input.slice(1, 5).some((name) => !facts.isConstant(name))) return "its parameters are computed from the input";
  return {
    kind: "scale",
    inputs: [0],
    vjp: ({ g }, [r]) => {
      const epsilon = node.attribute.find((a) => a.name === "epsilon")?.f ?? 1e-5;
      const factor = g.div(scale!, g.op("Sqrt", [g.add(variance!, g.floats(epsilon))]));
      const axes = facts
        .shapeOf(node.input[0]!)
        .slice(2)
        .map(() => 1);
      return g.mul(r!, axes.length === 0 ? factor : g.op("Reshape", [factor, g.ints([-1, ...axes])]));
    },
  };
};

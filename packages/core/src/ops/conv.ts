/**
 * Conv: y[m, o] = Σ_{c,j} w[m, c, j] x[c, o·stride + j·dilation − pad] + b[m], in one to three spatial axes, with groups.
 * A layer where the kernel (or the map it slides over) is a constant; bilinear where both are computed.
 */
import { correlationAdjoint } from "./correlation-adjoint.ts";
import { finitePart } from "./guard.ts";
import { kernelAdjoint } from "./kernel-adjoint.ts";
import { again, againAt, type LinearRole, type Op, type Role, type Site, varying } from "./role.ts";
import { windowOf } from "./window.ts";

/** Channels are filled up to so many in the runtime's blocked layout: a picture's three cost as much as sixteen. */
const BLOCK = 16;

/** A bias computed from the input: Σ over everything but the channels. */
export const biasAdjoint = ({ g, facts, node }: Site, s: string): string => {
  const axes = facts.shapeOf(node.output[0]!).flatMap((_, i) => (i === 1 ? [] : [i]));
  return g.reduceSum(s, axes, 0);
};

export const Conv: Op = (node, facts) => {
  const [x, weight, bias] = node.input as [string, string, string?];
  const inputs = varying(node, facts);
  const shape = facts.shapeOf(weight);
  if (shape.includes(null)) return "the size of its kernel is dynamic";
  const mapAdjoint = (site: Site, s: string, w: string) =>
    correlationAdjoint(site, s, w, shape as number[], windowOf(node, facts, weight));
  const vjp: Role["vjp"] = (site, [r], i) => {
    if (i === 0) return mapAdjoint(site, r!, finitePart(site.g, weight));
    return i === 1 ? kernelAdjoint(site, finitePart(site.g, x), r!, windowOf(node, facts, weight)) : biasAdjoint(site, r!);
  };
  if (inputs.includes(0) && inputs.includes(1)) return { kind: "bilinear", inputs, vjp };
  if (inputs.includes(2))
    return {
      kind: "sum",
      inputs,
      apply: (site, values) => againAt(site, inputs, values),
      adjoint: (site, s, i) => vjp(site, [s], i),
      vjp,
    };
  if (inputs[0] === 1)
    return {
      kind: "linear",
      inputs,
      weight: x,
      ...(bias && { bias }),
      channelAxis: 1,
      wholeShape: true,
      apply: (site, [kernel], map, b) => again(site, [map!, kernel!, ...(b ? [b] : [])]),
      adjoint: (site, s, _, map) => kernelAdjoint(site, map!, s, windowOf(node, facts, weight)),
      vjp,
    };
  const role: LinearRole = {
    kind: "linear",
    inputs,
    weight,
    ...(bias && { bias }),
    channelAxis: 1,
    apply: (site, [input], w, b) => again(site, [input!, w!, ...(b ? [b] : [])]),
    adjoint: (site, s, _, w) => mapAdjoint(site, s, w!),
    stackedAdjoint: (site, s, weights) => {
      const [m, c, ...kernel] = shape as [number, number, ...number[]];
      const window = windowOf(node, facts, weight);
      if (window.group !== 1 || c * weights.length > BLOCK) return undefined;
      const { g } = site;
      const all = correlationAdjoint(site, s, g.op("Concat", weights, { axis: 1 }), [m, c * weights.length, ...kernel], window);
      return g.ops("Split", [all, g.ints(weights.map(() => c))], { axis: 1 }, weights.length);
    },
    // With equal weights all channels are one: Σ_m s[m], spread over the window, for every input channel alike.
    uniformAdjoint: (site, s, value) => {
      const { g } = site;
      const window = windowOf(node, facts, weight);
      const [m, c] = facts.shapeOf(weight) as [number, number];
      const { group, kernel } = window;
      const points = kernel.map(() => 1);
      const gather = g.op("Expand", [g.floats(1), g.ints([group, m / group, ...points])]);
      const summed = g.op("Conv", [s, gather], { kernel_shape: points, group }); // [N, group, o…]
      const ones = g.op("Expand", [g.floats(value), g.ints([group, 1, ...kernel])]);
      const spread = correlationAdjoint(site, summed, ones, [group, 1, ...kernel], window); // [N, group, i…]
      if (c === 1) return spread;
      if (group === 1) return g.expand(spread, x);
      const repeated = g.op("Expand", [g.op("Unsqueeze", [spread, g.ints([2])]), g.ints([1, group, c, ...points])]);
      return g.reshape(repeated, facts.shapeOf(x), x);
    },
    vjp,
  };
  return role;
};

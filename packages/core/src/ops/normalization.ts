/**
 * Normalizations y = x̂ ⊙ weight + bias, x̂ the standardized input (standardize.ts), by what they standardize over: LayerNormalization
 * and RMSNormalization over the last axes, InstanceNormalization over space, GroupNormalization over space and a group of channels,
 * MeanVarianceNormalization over any axes, without weights.
 */
import { fail } from "../errors.ts";
import type { Facts } from "../graph/facts.ts";
import { type GraphNode, nodeLabel } from "../graph/graph.ts";
import { getFloat, getInt, getInts } from "../onnx/attributes.ts";
import { axisOf, fromFront } from "./axes.ts";
import { toDouble, toFloat } from "./exact.ts";
import { onFiniteParts } from "./guard.ts";
import { countAlong } from "./reduce.ts";
import type { NormalizationRole, Site, Standardized } from "./role.ts";
import { detachedAdjoint, secantAdjoint, standardize, standardizeAdjoint, standardizedExactly } from "./standardize.ts";

/** x̂ ⊙ weight + bias in float64, the weights shaped to fit. */
const affinely = ({ g, node }: Site, hat: string, shaped: (weight: string) => string): string => {
  const [, weight, bias] = node.input as [string, string, string?];
  const scaled = g.mul(hat, toDouble(g, shaped(weight)));
  return toFloat(g, bias ? g.add(scaled, toDouble(g, shaped(bias))) : scaled);
};

interface Layout {
  /** y as of float64. */
  exact?(site: Site): string;
  standardized(site: Site): Standardized;
  /** s ⊙ weight, and in the layout of x̂. */
  weighted(site: Site, s: string): string;
  /** Back from the layout of x̂. */
  restored?(site: Site, r: string): string;
}

const normalization = (node: GraphNode, facts: Facts, layout: Layout): NormalizationRole | string => {
  if (node.input.slice(1).some((name) => name !== "" && !facts.isConstant(name)))
    return "its parameters are computed from the input";
  const back = (site: Site, s: string, adjoint: typeof detachedAdjoint) => {
    const r = adjoint(site, layout.weighted(site, s), layout.standardized(site));
    return layout.restored?.(site, r) ?? r;
  };
  return {
    kind: "normalization",
    inputs: [0],
    detached: (site, s) => back(site, s, detachedAdjoint),
    standardized: layout.standardized,
    ...(layout.exact && { exact: layout.exact }),
    secant: (site, reference, s) => back(site, s, (at, r, hat) => secantAdjoint(at, r, hat, reference)),
    vjp: (site, [r, ...statistics]) => {
      if (r === undefined || statistics.some((other) => other !== undefined))
        throw fail("Unsupported", {
          what: "relevance at the statistics of a normalization",
          where: `node '${nodeLabel(node)}'`,
          why: "only its first output is explained",
        });
      return back(site, r, standardizeAdjoint);
    },
  };
};

/** The axes from the attribute on. */
const lastAxes = (node: GraphNode, facts: Facts): number[] => {
  const rank = facts.rank(node.input[0]!);
  const from = axisOf(node, rank, -1);
  return Array.from({ length: rank - from }, (_, i) => from + i);
};

export const LayerNormalization = onFiniteParts((node, facts) => {
  const [x, weight] = node.input as [string, string];
  const axes = lastAxes(node, facts);
  return normalization(node, facts, {
    // The operator itself, with weights of 1, has x̂ and 1/std as outputs.
    standardized: (site) => {
      const { g } = site;
      const ones = g.op("Expand", [g.floats(1), g.shape(weight)]);
      const attribute = node.attribute.filter(({ name }) => name === "axis" || name === "epsilon");
      const [value, , inverse] = g.emit({ opType: "LayerNormalization", domain: "", input: [x, ones], attribute }, 3);
      const mean = (s: string) => g.div(g.reduceSum(s, axes), countAlong(site, x, axes));
      return { value: value!, inverse: inverse!, mean, centered: true };
    },
    weighted: ({ g }, s) => g.mul(s, weight),
    exact: (site) => alongLast(site, x, axes),
  });
});

/** LayerNormalization and, not centred, RMSNormalization. */
const alongLast = (site: Site, x: string, axes: readonly number[], centered = true): string => {
  const scale = { count: countAlong(site, x, axes), epsilon: getFloat(site.node, "epsilon", 1e-5), centered };
  return affinely(site, standardizedExactly(site.g, toDouble(site.g, x), axes, scale), (weight) => weight);
};

export const RMSNormalization = onFiniteParts((node, facts) => {
  const [x, weight] = node.input as [string, string];
  const axes = lastAxes(node, facts);
  return normalization(node, facts, {
    standardized: (site) => standardize(site, x, axes, countAlong(site, x, axes), getFloat(node, "epsilon", 1e-5), false),
    weighted: ({ g }, s) => g.mul(s, weight),
    exact: (site) => alongLast(site, x, axes, false),
  });
});

/** [C] → [C, 1, …] for an input of that rank. */
const alongChannels = ({ g }: Site, weight: string, rank: number): string =>
  rank < 3 ? weight : g.op("Unsqueeze", [weight, g.ints(Array.from({ length: rank - 2 }, (_, i) => i + 1))]);

export const InstanceNormalization = onFiniteParts((node, facts) => {
  const [x, weight] = node.input as [string, string];
  const rank = facts.rank(x);
  const axes = Array.from({ length: rank - 2 }, (_, i) => i + 2);
  return normalization(node, facts, {
    standardized: (site) => standardize(site, x, axes, countAlong(site, x, axes), getFloat(node, "epsilon", 1e-5)),
    weighted: (site, s) => site.g.mul(s, alongChannels(site, weight, rank)),
    exact: (site) => {
      const scale = { count: countAlong(site, x, axes), epsilon: getFloat(node, "epsilon", 1e-5) };
      const hat = standardizedExactly(site.g, toDouble(site.g, x), axes, scale);
      return affinely(site, hat, (value) => alongChannels(site, value, rank));
    },
  });
});

export const GroupNormalization = onFiniteParts((node, facts) => {
  const [x, weight] = node.input as [string, string];
  const shape = facts.shapeOf(x);
  const groups = getInt(node, "num_groups", 1);
  const perGroup = facts.shapeOf(weight)[0] === groups; // opset 18; per channel from opset 21 on
  /** [N, groups, values of a group] */
  const grouped = ({ g }: Site, value: string) => g.op("Reshape", [value, g.ints([0, groups, -1])]);
  return normalization(node, facts, {
    standardized: (site) => {
      const { g } = site;
      const apart = grouped(site, x);
      const count = g.op("Cast", [g.op("Shape", [apart], { start: 2 })], { to: 1 });
      return standardize(site, apart, [2], count, getFloat(node, "epsilon", 1e-5));
    },
    weighted: (site, s) =>
      perGroup
        ? site.g.mul(grouped(site, s), site.g.op("Unsqueeze", [weight, site.g.ints([1])]))
        : grouped(site, site.g.mul(s, alongChannels(site, weight, shape.length))),
    restored: ({ g }, r) => g.op("Reshape", [r, g.shape(x)]),
    exact: (site) => {
      const { g } = site;
      const apart = grouped(site, toDouble(g, x));
      const count = g.op("Cast", [g.op("Shape", [apart], { start: 2 })], { to: 1 });
      const hat = standardizedExactly(g, apart, [2], { count, epsilon: getFloat(node, "epsilon", 1e-5) });
      if (perGroup) return g.op("Reshape", [affinely(site, hat, (value) => g.op("Unsqueeze", [value, g.ints([1])])), g.shape(x)]);
      return affinely(site, g.op("Reshape", [hat, g.shape(x)]), (value) => alongChannels(site, value, shape.length));
    },
  });
});

export const MeanVarianceNormalization = onFiniteParts((node, facts) => {
  const x = node.input[0]!;
  const axes = (getInts(node, "axes") ?? [0, 2, 3]).map((axis) => fromFront(axis, facts.rank(x)));
  return normalization(node, facts, {
    standardized: (site) => standardize(site, x, axes, countAlong(site, x, axes), 1e-18),
    weighted: (_, s) => s,
  });
});

/** Conv: y[m, o] = Σ_{c,j} w[m, c, j] x[c, o·stride + j·dilation − pad] + b[m], in one to three spatial axes, with groups. */
import { correlationAdjoint } from "./correlation-adjoint.ts";
import { again, type LinearRole, type Op } from "./role.ts";
import { windowOf } from "./window.ts";

export const Conv: Op = (node, facts) => {
  const [x, weight, bias] = node.input as [string, string, string?];
  if (!facts.isConstant(weight)) return "its kernel is computed from the input";
  if (facts.isConstant(x)) return "its input is a constant";
  const role: LinearRole = {
    kind: "linear",
    inputs: [0],
    weight,
    ...(bias && { bias }),
    channelAxis: 1,
    apply: (site, [input], w, b) => again(site, [input!, w!, ...(b ? [b] : [])]),
    adjoint: (site, s, _, w) => correlationAdjoint(site, s, w!, facts.shapeOf(weight) as number[], windowOf(node, facts, weight)),
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
    vjp: (site, [g]) => role.adjoint(site, g!, 0, weight),
  };
  return role;
};

/**
 * Conv: y[m, o] = Σ_{c,j} w[m, c, j] x[c, o·stride + j·dilation − pad] + b[m], in one to three spatial axes, with groups.
 *
 * The adjoint at stride 1 is a Conv with the kernel flipped and its channels swapped, which runs on the runtime's blocked
 * layout; with strides it is a ConvTranspose.
 */
import type { Builder } from "../graph/builder.ts";
import { again, type LinearRole, type Op, type Site } from "./role.ts";
import { reach, scatter, type Window, windowOf } from "./window.ts";

/** [M, C/g, k…] → [C, M/g, k…], taps in reverse order. */
const flipped = (g: Builder, weight: string, shape: readonly number[], group: number): string => {
  const [m, c, ...kernel] = shape as [number, number, ...number[]];
  const axes = kernel.flatMap((k, i) => (k > 1 ? [i + 2] : []));
  const reversed =
    axes.length === 0
      ? weight
      : g.op("Slice", [
          weight,
          g.ints(axes.map(() => -1)),
          g.ints(axes.map(() => -0x7fffffff)),
          g.ints(axes),
          g.ints(axes.map(() => -1)),
        ]);
  const rest = kernel.map((_, i) => i + 2);
  if (group === 1) return g.transpose(reversed, [1, 0, ...rest]);
  if (c === 1 && m === group) return reversed; // depthwise: one tap stack per channel either way
  const parts = g.op("Transpose", [g.reshape(reversed, [group, m / group, c, ...kernel])], {
    perm: [0, 2, 1, ...rest.map((i) => i + 1)],
  });
  return g.reshape(parts, [group * c, m / group, ...kernel]);
};

const unitStride = (w: Window): boolean =>
  w.strides.every((n) => n === 1) && w.kernel.every((_, i) => reach(w, i) >= w.begin[i]! && reach(w, i) >= w.end[i]!);

const back = (site: Site, s: string, weight: string, window: Window, shape: readonly number[]): string => {
  if (!unitStride(window)) return scatter(site, s, weight, window);
  const pads = [window.begin, window.end].flatMap((side) => side.map((n, i) => reach(window, i) - n));
  const kernel = flipped(site.g, weight, shape, window.group);
  return site.g.op("Conv", [s, kernel], { kernel_shape: window.kernel, dilations: window.dilations, group: window.group, pads });
};

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
    adjoint: (site, s, _, w) => back(site, s, w!, windowOf(node, facts, weight), facts.shapeOf(weight) as number[]),
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
      const spread = back(site, summed, ones, window, [group, 1, ...kernel]); // [N, group, i…]
      if (c === 1) return spread;
      if (group === 1) return g.expand(spread, x);
      const repeated = g.op("Expand", [g.op("Unsqueeze", [spread, g.ints([2])]), g.ints([1, group, c, ...points])]);
      return g.reshape(repeated, facts.shapeOf(x), x);
    },
    vjp: (site, [g]) => role.adjoint(site, g!, 0, weight),
  };
  return role;
};

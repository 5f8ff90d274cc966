/**
 * Conv: y[m, o] = Σ_{c,j} w[m, c, j] x[c, o·stride + j·dilation − pad] + b[m], in one to three spatial axes, with groups.
 *
 * The adjoint at stride 1 is a Conv with the kernel flipped and its channels swapped, which runs on the runtime's blocked
 * layout; with strides it is a ConvTranspose.
 */
import type { Builder } from "../graph/builder.ts";
import { again, type LinearRole, type Op } from "./role.ts";
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
    adjoint: (site, s, _, w) => {
      const window = windowOf(node, facts, weight);
      if (!unitStride(window)) return scatter(site, s, w!, window);
      const pads = [window.begin, window.end].flatMap((side) => side.map((n, i) => reach(window, i) - n));
      const kernel = flipped(site.g, w!, facts.shapeOf(weight) as number[], window.group);
      return site.g.op("Conv", [s, kernel], {
        kernel_shape: window.kernel,
        dilations: window.dilations,
        group: window.group,
        pads,
      });
    },
    vjp: (site, [g]) => role.adjoint(site, g!, 0, weight),
  };
  return role;
};

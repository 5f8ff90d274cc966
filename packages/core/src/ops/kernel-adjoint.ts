/**
 * The adjoint of a correlation y[n, m, o] = Σ w[m, c, j] x[n, c, o·s + j·d − p] with respect to its kernel:
 *
 *   ŵ[m, c, j] = Σ_{n, o} y[n, m, o] x[n, c, j·d + o·s − p]
 *
 * which is itself a correlation, of x with y as kernel: samples and channels change places, and so do stride and dilation.
 */
import type { Builder } from "../graph/builder.ts";
import type { Site } from "./role.ts";
import type { Window } from "./window.ts";

/** `x` [N, g·C, i…] and `y` [N, g·M, o…] are values; the result is [g·M, C, k…]. */
export const kernelAdjoint = ({ g }: Site, x: string, y: string, w: Window): string => {
  const spatial = w.kernel.map((_, i) => i + 2);
  const swap = [1, 0, ...spatial];
  const long = g.op("Conv", [channelsFirst(g, x, w), g.transpose(y, swap)], {
    strides: w.dilations,
    dilations: w.strides,
    pads: [...w.begin, ...w.end],
    group: w.group,
  }); // [C, g·M, k′…], longer than the kernel where the last windows left something over
  const cut = g.op("Slice", [long, g.ints(spatial.map(() => 0)), g.ints(w.kernel), g.ints(spatial)]);
  return g.transpose(cut, swap);
};

/** [N, g·C, i…] → [C, g·N, i…] */
const channelsFirst = (g: Builder, x: string, w: Window): string => {
  const spatial = w.kernel.map((_, i) => i + 2);
  if (w.group === 1) return g.transpose(x, [1, 0, ...spatial]);
  const sizes = g.op("Shape", [x], { start: 2 });
  const apart = g.op("Reshape", [x, g.op("Concat", [g.ints([0, w.group, -1]), sizes], { axis: 0 })]);
  const moved = g.transpose(apart, [2, 1, 0, ...spatial.map((axis) => axis + 1)]);
  return g.op("Reshape", [moved, g.op("Concat", [g.ints([0, -1]), sizes], { axis: 0 })]);
};

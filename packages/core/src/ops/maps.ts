/** Arithmetic of maps [N, C, H, W] that stays in the runtime's blocked layout, which knows Mul, Add, Relu and HardSigmoid, but no Sub, Clip or Equal. */
import type { Builder, Grid } from "../graph/builder.ts";
import type { Shape } from "../graph/facts.ts";

/** The channels of maps that may be in the blocked layout: two spatial axes, a known number of channels. */
export const blockable = (shape: Shape): number | undefined =>
  shape.length === 4 && typeof shape[1] === "number" ? shape[1] : undefined;

/** a − b for maps of one shape. A factor of −1 a channel is a convolution there, the sum a part of it. */
export const minus = (g: Builder, a: string, b: string, channels: number | undefined): string =>
  channels === undefined ? g.sub(a, b) : g.add(a, g.mul(b, g.op("Expand", [g.floats(-1), g.ints([channels, 1, 1])])));

/**
 * a + b for maps of one shape. Where one of them is in the layout, and the other is taken in for a convolution that reads it, that one goes
 * through a convolution that changes nothing, of which the runtime makes the sum a part: a sum outside would keep all that follows outside.
 */
export const plus = (g: Builder, a: string, b: string, channels: number | undefined): string => {
  if (channels === undefined || channels % ALIGNED !== 0) return g.add(a, b);
  const enters = (one: string, other: string) => g.layout.has(other) && g.layout.takesIn(one);
  if (enters(a, b)) return g.add(taken(g, a, channels), b);
  return g.add(a, enters(b, a) ? taken(g, b, channels) : b);
};
/** Numbers of channels the layout takes. */
const ALIGNED = 8;

/** A map in the layout. */
const taken = (g: Builder, map: string, channels: number): string =>
  g.op("Conv", [map, g.op("Expand", [g.floats(1), g.ints([channels, 1, 1, 1])])], { kernel_shape: [1, 1], group: channels });

/**
 * Every value of a map repeated `factors` times along each side. A Resize, of whose result the runtime would not know that its batch is the
 * others': what is said here keeps it, and all that it is added to, in the blocked layout.
 */
export const repeated = (g: Builder, map: string, factors: readonly number[], grid: Grid): string => {
  const grown = g.op("Resize", [map, "", g.floats([1, 1, ...factors])], {
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  });
  g.declared.set(grown, grid);
  return grown;
};

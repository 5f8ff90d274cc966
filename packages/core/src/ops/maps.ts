/** Arithmetic of maps [N, C, H, W] that stays in the runtime's blocked layout, which knows Mul, Add, Relu and HardSigmoid, but no Sub, Clip or Equal. */
import type { Builder } from "../graph/builder.ts";
import type { Shape } from "../graph/facts.ts";

/** The channels of maps that may be in the blocked layout: two spatial axes, a known number of channels. */
export const blockable = (shape: Shape): number | undefined =>
  shape.length === 4 && typeof shape[1] === "number" ? shape[1] : undefined;

/** a − b for maps of one shape. A factor of −1 a channel is a convolution there, the sum a part of it. */
export const minus = (g: Builder, a: string, b: string, channels: number | undefined): string =>
  channels === undefined ? g.sub(a, b) : g.add(a, g.mul(b, g.op("Expand", [g.floats(-1), g.ints([channels, 1, 1])])));

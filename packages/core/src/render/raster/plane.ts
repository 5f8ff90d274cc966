/** Relevance as a plane: one number per position, the sum over channels. */
import { fail } from "../../errors.ts";

export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

export interface Relevance {
  /** [C, H, W] (or [H, W, C]), [H, W], [C, L]… as the layout says, or [L]. */
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Σ over channels. One axis is a plane of height 1. Error BadInput for more than three axes. */
export const planeOf = ({ dims, data }: Relevance, layout: "nchw" | "nhwc" = "nchw"): Plane => {
  if (dims.length === 0 || dims.length > 3)
    throw fail("BadInput", {
      what: `relevance of shape ${dims.join("×") || "scalar"} is no picture`,
      fix: "write the numbers with --relevance",
    });
  if (dims.length === 1) return { width: dims[0]!, height: 1, values: data };
  if (dims.length === 2) return { width: dims[1]!, height: dims[0]!, values: data };
  const [a, b, c] = dims as [number, number, number];
  const [channels, height, width] = layout === "nchw" ? [a, b, c] : [c, a, b];
  const values = new Float32Array(width * height);
  data.forEach((value, i) => {
    values[layout === "nchw" ? i % values.length : Math.floor(i / channels)]! += value;
  });
  return { width, height, values };
};

/** Sums over cells of k × k positions: what a pixel-noisy map says about regions. Cells at the right and bottom may be smaller. Error BadInput unless k is 1, 2, … */
export const cells = (plane: Plane, k: number): Plane => {
  if (!Number.isInteger(k) || k < 1)
    throw fail("BadInput", { what: `no cells of ${k} × ${k} pixels`, fix: "give a whole number from 1" });
  if (k === 1) return plane;
  const [width, height] = [Math.ceil(plane.width / k), Math.ceil(plane.height / k)];
  const values = new Float32Array(width * height);
  plane.values.forEach((value, i) => {
    values[Math.floor(Math.floor(i / plane.width) / k) * width + Math.floor((i % plane.width) / k)]! += value;
  });
  return { width, height, values };
};

export interface Range {
  /** The value at the end of the colours; the other end is −limit, or 0 for maps without a negative value. */
  readonly limit: number;
  readonly signed: boolean;
  /** Positions that are NaN or infinite. */
  readonly invalid: number;
}

/**
 * Where the colours end: at a percentile of |R| (default 99.5), so that one hot pixel does not hide the rest. Percentile 100
 * is the maximum. Always symmetric, so that the neutral colour is zero. A constant map of zeros has limit 0.
 */
export const rangeOf = ({ values }: Plane, percentile = 99.5): Range => {
  const sizes = values.filter(Number.isFinite).map(Math.abs).sort();
  const at = Math.ceil((percentile / 100) * sizes.length) - 1;
  const largest = sizes.at(-1) ?? 0;
  const limit = sizes[Math.max(0, at)] || largest; // a map of a few hot pixels: their maximum
  return { limit, signed: values.some((v) => v < 0), invalid: values.length - sizes.length };
};

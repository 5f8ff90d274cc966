/** What activation maximization does to an input as a picture, whatever its axes: shift, blur, and how rough it is. */
import { blurredBy } from "../../numeric/blur.ts";
import type { Frame } from "../cam/frame.ts";

/** Positions to move by, for each axis. */
export type Shift = readonly number[];

/** Moves all channels, what leaves at one side enters at the other: into[p + shift] = from[p]. */
export const shifted = (from: Float32Array, frame: Frame, shift: Shift, into: Float32Array): void => {
  const { sizes, channels, side } = frame;
  const positions = sizes.reduce((a, b) => a * b, 1);
  for (let p = 0; p < positions; p++) {
    let [to, stride, rest] = [0, 1, p];
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const size = sizes[axis]!;
      to += (((((rest % size) + shift[axis]!) % size) + size) % size) * stride;
      rest = Math.floor(rest / size);
      stride *= size;
    }
    for (let c = 0; c < channels; c++)
      if (side === "first") into[c * positions + to] = from[c * positions + p]!;
      else into[to * channels + c] = from[p * channels + c]!;
  }
};

/** A Gaussian blur of every channel, in place. */
export const blurPlanes = (values: Float32Array, frame: Frame, sigma: number): void => {
  if (sigma === 0) return;
  const { sizes, channels, side } = frame;
  const positions = sizes.reduce((a, b) => a * b, 1);
  const [stride, step] = side === "first" ? [positions, 1] : [1, channels];
  for (let c = 0; c < channels; c++) {
    const plane = Float32Array.from({ length: positions }, (_, p) => values[c * stride + p * step]!);
    const smooth = blurredBy(plane, [1, ...sizes], sigma);
    for (let p = 0; p < positions; p++) values[c * stride + p * step] = smooth[p]!;
  }
};

/** Derivative of ½ Σ (differences of neighbours)², channel by channel. */
export const roughness = (values: Float32Array, frame: Frame): Float32Array => {
  const out = new Float32Array(values.length);
  let apart = frame.side === "last" ? frame.channels : 1; // elements between neighbours on the axis
  for (let axis = frame.sizes.length - 1; axis >= 0; axis--) {
    const size = frame.sizes[axis]!;
    for (let i = 0; i < values.length; i++) {
      if (Math.floor(i / apart) % size === size - 1) continue;
      const d = values[i + apart]! - values[i]!;
      out[i]! -= d;
      out[i + apart]! += d;
    }
    apart *= size;
  }
  return out;
};

/** Derivative of bound/α · |v/bound|^α: next to nothing inside the bound, 1 at it. */
export const pullInside = (v: number, bound: number, alpha: number): number =>
  bound === 0 ? 0 : Math.sign(v) * Math.min((Math.abs(v) / bound) ** (alpha - 1), 100);

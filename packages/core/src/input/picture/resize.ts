/**
 * Resampling as Pillow's `Image.resize` does it, byte for byte, so that Node, the browser and Python feed a model the same
 * picture. Separable convolution: output sample x is centred at (x + ½)·scale in the source and weighs the source samples
 * within `support` by filter(distance); when shrinking, the filter is widened by the scale (antialias). Weights are normalised
 * to sum 1 and rounded to 22-bit fixed point; the horizontal pass comes first and its result is rounded and clipped to 8 bits.
 * Source: Pillow's documentation, "Concepts: Filters", and its published algorithm (Resample.c; MIT-CMU licence).
 */
import { fail } from "../../errors.ts";
import { type Pixels, premultiply, unpremultiply } from "./pixels.ts";

export type ResizeFilter = "nearest" | "box" | "bilinear" | "hamming" | "bicubic" | "lanczos";

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

interface Kernel {
  readonly support: number;
  /** The weight at a distance, given in source samples (before widening). */
  readonly at: (x: number) => number;
}

const kernels: Readonly<Record<Exclude<ResizeFilter, "nearest">, Kernel>> = {
  box: { support: 0.5, at: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: { support: 1, at: (x) => (Math.abs(x) >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x))) },
  bicubic: { support: 2, at: (x) => keys(Math.abs(x), -0.5) },
  lanczos: { support: 3, at: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Keys' cubic convolution (1981) with parameter a. */
const keys = (x: number, a: number): number => {
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
};

const PRECISION_BITS = 32 - 8 - 2;
const ONE = 1 << PRECISION_BITS;

/** The window [start, start + weights.length) of source samples that one output sample averages. */
interface Taps {
  readonly start: number;
  readonly weights: Int32Array;
}

const tapsOf = (kernel: Kernel, from: number, to: number): Taps[] => {
  const scale = from / to;
  const widening = Math.max(1, scale);
  const support = kernel.support * widening;
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(from, Math.trunc(center + support + 0.5));
    const raw = Array.from({ length: end - start }, (_, k) => kernel.at((k + start - center + 0.5) * (1 / widening)));
    const total = raw.reduce((sum, w) => sum + w, 0);
    return { start, weights: Int32Array.from(raw, (w) => fixedPoint(total === 0 ? w : w / total)) };
  });
};

const fixedPoint = (weight: number): number => Math.trunc(weight * ONE + (weight < 0 ? -0.5 : 0.5));

/** Convolves along one axis of a picture, one output sample for each of `taps`. */
const convolve = (source: Uint8Array, target: Uint8Array, taps: readonly Taps[], lines: Lines): void => {
  const { outer, inner, sourceStride, targetStride, step } = lines;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < taps.length; i++) {
      const { start, weights } = taps[i]!;
      const from = o * sourceStride + start * step;
      const to = o * targetStride + i * step;
      for (let c = 0; c < inner; c++) {
        let sum = ONE >> 1; // rounds half up
        for (let k = 0, at = from + c; k < weights.length; k++, at += step) sum += source[at]! * weights[k]!;
        target[to + c] = Math.max(0, Math.min(255, sum >> PRECISION_BITS));
      }
    }
  }
};

/** The lines along an axis: `outer` blocks of `inner` adjacent ones (channels, whole rows), their samples `step` apart. */
interface Lines {
  readonly outer: number;
  readonly inner: number;
  readonly step: number;
  /** From block to block. */
  readonly sourceStride: number;
  readonly targetStride: number;
}

const resizeWidth = (picture: Pixels, width: number, kernel: Kernel): Pixels => {
  if (width === picture.width) return picture;
  const { height, channels } = picture;
  const data = new Uint8Array(width * height * channels);
  convolve(picture.data, data, tapsOf(kernel, picture.width, width), {
    outer: height,
    inner: channels,
    step: channels,
    sourceStride: picture.width * channels,
    targetStride: width * channels,
  });
  return { ...picture, width, data };
};

const resizeHeight = (picture: Pixels, height: number, kernel: Kernel): Pixels => {
  if (height === picture.height) return picture;
  const row = picture.width * picture.channels;
  const data = new Uint8Array(row * height);
  convolve(picture.data, data, tapsOf(kernel, picture.height, height), {
    outer: 1,
    inner: row,
    step: row,
    sourceStride: 0,
    targetStride: 0,
  });
  return { ...picture, height, data };
};

/** Source index of each output sample; the position is accumulated, as Pillow does, so that ties fall the same way. */
const nearestOf = (from: number, to: number): Int32Array => {
  const scale = from / to;
  let position = scale * 0.5;
  return Int32Array.from({ length: to }, () => {
    const index = Math.min(from - 1, Math.trunc(position));
    position += scale;
    return index;
  });
};

const resizeNearest = (picture: Pixels, width: number, height: number): Pixels => {
  const { channels } = picture;
  const columns = nearestOf(picture.width, width);
  const rows = nearestOf(picture.height, height);
  const data = new Uint8Array(width * height * channels);
  let to = 0;
  for (const y of rows)
    for (const x of columns)
      for (let c = 0; c < channels; c++) data[to++] = picture.data[(y * picture.width + x) * channels + c]!;
  return { width, height, channels, data };
};

/**
 * The picture at another size, the same bytes as Pillow's `resize((width, height), filter)`. With alpha, colours are weighed
 * by it. Throws BadInput for a size that is not a positive integer.
 */
export const resize = (picture: Pixels, width: number, height: number, filter: ResizeFilter): Pixels => {
  if (![width, height].every((n) => Number.isInteger(n) && n > 0))
    throw fail("BadInput", { what: `cannot resize a picture to ${width}x${height}`, why: "sizes are positive integers" });
  if (width === picture.width && height === picture.height) return picture;
  if (filter === "nearest") return resizeNearest(picture, width, height);
  const kernel = kernels[filter];
  const resized = (source: Pixels) => resizeHeight(resizeWidth(source, width, kernel), height, kernel);
  return seesThrough(picture) ? unpremultiply(resized(premultiply(picture))) : resized(picture);
};

/** Alpha of 255 everywhere weighs nothing. */
const seesThrough = ({ channels, data }: Pixels): boolean => {
  if (channels !== 4) return false;
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return true;
  return false;
};

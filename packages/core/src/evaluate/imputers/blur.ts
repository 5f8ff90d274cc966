/** The sample itself, blurred: low frequencies stay. */
import { fail } from "../../errors.ts";
import { sampleOf } from "../../methods/method.ts";
import { layoutOfSample, noNeighbours } from "./channels.ts";
import { type Imputer, snapshot } from "./imputer.ts";

export const blur: Imputer = {
  card: {
    name: "blur",
    form: "blur, blur:SIGMA or blur:SIGMA:RADIUS",
    what: "the sample under a Gaussian blur of SIGMA positions (a twentieth of the longer side), the border mirrored",
    source: "Fong and Vedaldi 2017",
  },
  prepare: ([first, second], sample) => {
    const { kind, before, sizes } = layoutOfSample(sample);
    if (kind !== "space") throw noNeighbours("blur");
    const sigma = first === undefined ? Math.max(...sizes) / 20 : Number(first);
    const radius = second === undefined ? Math.ceil(3 * sigma) : Number(second);
    if (!(sigma > 0 && sigma <= 1e4) || !(Number.isInteger(radius) && radius >= 1 && radius <= 1e5))
      throw fail("BadRecipe", {
        what: `imputer 'blur:${[first, second].filter(Boolean).join(":")}'`,
        fix: "blur:SIGMA or blur:SIGMA:RADIUS, both above 0",
      });
    return snapshot(blurred(sampleOf(sample.x, sample.n), [before, ...sizes], gaussian(sigma, radius)));
  },
};

/** Weights at −radius … radius, normalised to sum 1. */
export const gaussian = (sigma: number, radius: number): Float64Array => {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
};

/** Along every axis but the first, in float64; the border repeats mirrored, its own value doubled (d c b a | a b c d). */
export const blurred = (values: Float32Array, dims: readonly number[], kernel: Float64Array): Float32Array => {
  const data = Float64Array.from(values);
  for (let axis = 1; axis < dims.length; axis++)
    alongAxis(
      data,
      dims[axis]!,
      dims.slice(axis + 1).reduce((a, b) => a * b, 1),
      kernel,
    );
  return Float32Array.from(data);
};

/** Each line is copied with its mirrored ends first: the sums then run over neighbours in memory, two of equal weight at a time. */
const alongAxis = (data: Float64Array, size: number, stride: number, kernel: Float64Array): void => {
  const radius = (kernel.length - 1) / 2;
  const from = Int32Array.from({ length: size + 2 * radius }, (_, i) => mirrored(i - radius, size) * stride);
  const line = new Float64Array(from.length);
  const last = 2 * radius;
  for (let start = 0; start < data.length; start += size * stride)
    for (let at = start; at < start + stride; at++) {
      for (let i = 0; i < line.length; i++) line[i] = data[at + from[i]!]!;
      for (let p = 0; p < size; p++) {
        let sum = kernel[radius]! * line[p + radius]!;
        for (let k = 0; k < radius; k++) sum += kernel[k]! * (line[p + k]! + line[p + last - k]!);
        data[at + p * stride] = sum;
      }
    }
};

const mirrored = (i: number, size: number): number => {
  const period = 2 * size;
  const at = ((i % period) + period) % period;
  return at < size ? at : period - 1 - at;
};

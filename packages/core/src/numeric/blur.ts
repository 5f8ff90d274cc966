/** Gaussian blur, along every axis: for baselines and imputers. */

/** What lies beyond the border: the edge value again and again, or the line mirrored, its edge value doubled (d c b a | a b c d). */
export type Border = "repeat" | "mirror";

/** Weights at −radius … radius, normalised to sum 1. */
export const gaussian = (sigma: number, radius: number): Float64Array => {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
};

/** Along every axis but the first, in float64. `kernel`: of odd length, symmetric, with sum 1. */
export const blurred = (values: Float32Array, dims: readonly number[], kernel: Float64Array, border: Border): Float32Array => {
  const data = Float64Array.from(values);
  for (let axis = 1; axis < dims.length; axis++)
    alongAxis(data, { size: dims[axis]!, stride: dims.slice(axis + 1).reduce((a, b) => a * b, 1) }, kernel, border);
  return Float32Array.from(data);
};

/** By σ positions, as far as 3 σ, the edge repeated. */
export const blurredBy = (values: Float32Array, dims: readonly number[], sigma: number): Float32Array =>
  blurred(values, dims, gaussian(sigma, Math.max(1, Math.ceil(3 * sigma))), "repeat");

/** Each line is copied with what lies beyond its ends first: the sums then run over neighbours in memory, two of equal weight at a time. */
const alongAxis = (
  data: Float64Array,
  { size, stride }: { readonly size: number; readonly stride: number },
  kernel: Float64Array,
  border: Border,
): void => {
  const radius = (kernel.length - 1) / 2;
  const from = Int32Array.from({ length: size + 2 * radius }, (_, i) => within(i - radius, size, border) * stride);
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

const within = (i: number, size: number, border: Border): number => {
  if (border === "repeat") return Math.min(Math.max(i, 0), size - 1);
  const period = 2 * size;
  const at = ((i % period) + period) % period;
  return at < size ? at : period - 1 - at;
};

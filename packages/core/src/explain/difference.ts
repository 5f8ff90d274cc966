/** How far two results of one model may be apart, and whether they are. */

import { toFloat32 } from "../input/index.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Relative L2 error: float32 sums in another order; and of models that compute in 16 bits. */
const [TOLERANCE, COARSE] = [1e-5, 5e-2];

export interface Allowance {
  /** Another result at every run: only its shape is compared. */
  readonly random?: boolean;
  /** The model computes in 16 bits, the artefact in 32. */
  readonly coarse?: boolean;
  /** What is fed is the same number everywhere: whole numbers that come of it may be any of several that tie. */
  readonly even?: boolean;
  /** Every bit. */
  readonly exact?: boolean;
  /** The relative L2 error that float32 itself was found to make here. */
  readonly noise?: number;
}

/** Room over the noise of one order of sums: the model has another. */
const ORDERS = 10;

/** In words; undefined where they agree. NaN equals NaN. */
export const differenceOf = (
  want: Tensor,
  got: Tensor,
  { random, coarse, even, exact, noise = 0 }: Allowance,
): string | undefined => {
  if (want.type !== got.type) return `${got.type} in place of ${want.type}`;
  const known = random ? want.dims.length === got.dims.length : want.dims.join() === got.dims.join();
  if (!known) return `its shape is ${got.dims.join("×")}, not ${want.dims.join("×")}`;
  if (random) return undefined;
  if (!want.type.startsWith("float")) {
    const at = Array.from(want.data as ArrayLike<unknown>).findIndex((v, i) => v !== got.data[i]);
    return at < 0 || even ? undefined : `element ${at} is ${got.data[at]}, not ${want.data[at]}`;
  }
  const [a, b] = [toFloat32(want).data, toFloat32(got).data] as [Float32Array, Float32Array];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (Object.is(x, y)) continue;
    if (exact && x !== y) return `element ${i} is ${y}, not ${x}`;
    if (!Number.isFinite(x) || !Number.isFinite(y)) return `element ${i} is ${y}, not ${x}`;
  }
  const error = relativeError(a, b);
  const allowed = coarse ? COARSE : Math.max(TOLERANCE, ORDERS * noise);
  return error <= allowed
    ? undefined
    : `it is off by ${error.toExponential(1)} (relative), and ${allowed} is float32's noise with room`;
};

/** ‖a − b‖ / ‖a‖ over what is finite in both; the difference itself where a is 0. */
export const relativeError = (a: Float32Array, b: Float32Array): number => {
  let [off, size] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (Number.isFinite(x)) size += x * x;
    if (Number.isFinite(x) && Number.isFinite(y)) off += (x - y) ** 2;
  }
  return Math.sqrt(size === 0 ? off : off / size);
};

/** By how much the floats that a quantised model stands for differ from it, as a notice. */
export const apartNotice = (exact: Tensor | undefined, floats: Tensor | undefined): readonly string[] => {
  if (exact === undefined || floats === undefined || exact.data.length !== floats.data.length) return [];
  const [a, b] = [toFloat32(exact).data, toFloat32(floats).data] as [Float32Array, Float32Array];
  let [most, off, size] = [0, 0, 0];
  for (const [i, v] of a.entries()) {
    size += v * v;
    if (Object.is(v, b[i])) continue;
    most = Math.max(most, Math.abs(v - b[i]!));
    off += (v - b[i]!) ** 2;
  }
  const share = `${(100 * Math.sqrt(size === 0 ? 0 : off / size)).toPrecision(2)} %`;
  return [
    `outputs and the explained class are the quantised model's; the explanation runs in its floats, whose output differs by up to ${most.toPrecision(2)} (${share}) here`,
  ];
};

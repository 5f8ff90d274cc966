/** Nets that exist twice, with channels first and with channels last. */
import { expect } from "vitest";
import type { Arrangement } from "../../src/reading/index.ts";
import type { FloatTensor } from "../../src/tensor/float.ts";
import { noise } from "./run.ts";

export interface Layouts {
  /** Text of the net that takes channels first, and last. */
  readonly first: string;
  readonly last: string;
  /** As the first takes it. */
  readonly x: FloatTensor;
  /** Where the axes of the second's inputs are. */
  readonly order: Arrangement;
}

const PICTURE = (io: string, before: string) => `net (float[N,${io}] x) => (float[N,3] y)
  <float[4,2,3,3] k = random(1), float[4] b = random(2), float[5,4,3,3] m = random(3), float[5,3] w = random(4), float[3] c = random(5)> {
  ${before} z = Conv <pads = [1,1,1,1]> (t, k, b) a = Relu(z) q = Conv <strides = [2,2], pads = [1,1,1,1]> (a, m) r = Relu(q)
  p = GlobalAveragePool(r) f = Flatten(p) y = Gemm(f, w, c) }`;

const SERIES = (io: string, before: string) => `net (float[N,${io}] x) => (float[N,3] y)
  <float[4,3,3] k = random(1), float[4] b = random(2), float[4,3] w = random(4), float[3] c = random(5)> {
  ${before} z = Conv <pads = [1,1]> (t, k, b) a = Relu(z) p = GlobalAveragePool(a) f = Flatten(p) y = Gemm(f, w, c) }`;

const VOLUME = (io: string, before: string) => `net (float[N,${io}] x) => (float[N,3] y)
  <float[3,2,3,3,3] k = random(1), float[3] b = random(2), float[3,3] w = random(4), float[3] c = random(5)> {
  ${before} z = Conv <pads = [1,1,1,1,1,1]> (t, k, b) a = Relu(z) p = GlobalAveragePool(a) f = Flatten(p) y = Gemm(f, w, c) }`;

export const NETS: Readonly<Record<string, Layouts>> = {
  "a picture as NCHW and NHWC": {
    first: PICTURE("2,9,12", "t = Identity(x)"),
    last: PICTURE("9,12,2", "t = Transpose <perm = [0,3,1,2]> (x)"),
    x: noise([2, 2, 9, 12], 7) as FloatTensor,
    order: { kind: "space", order: [0, 3, 1, 2] },
  },
  "a series as NCL and NLC": {
    first: SERIES("3,20", "t = Identity(x)"),
    last: SERIES("20,3", "t = Transpose <perm = [0,2,1]> (x)"),
    x: noise([2, 3, 20], 8) as FloatTensor,
    order: { kind: "space", order: [0, 2, 1] },
  },
  "a volume as NCDHW and NDHWC": {
    first: VOLUME("2,4,5,6", "t = Identity(x)"),
    last: VOLUME("4,5,6,2", "t = Transpose <perm = [0,4,1,2,3]> (x)"),
    x: noise([2, 2, 4, 5, 6], 9) as FloatTensor,
    order: { kind: "space", order: [0, 4, 1, 2, 3] },
  },
};

/** Within 1e-5 of the largest value. */
export const expectTransposed = (got: { dims: readonly number[]; data: ArrayLike<number> }, want: typeof got): void => {
  expect(got.dims).toEqual(want.dims);
  const size = Array.from(want.data).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const off = Array.from(want.data).reduce(
    (most, v, i) => Math.max(most, Number.isNaN(v) && Number.isNaN(got.data[i]) ? 0 : Math.abs(v - got.data[i]!)),
    0,
  );
  expect(off).toBeLessThanOrEqual(1e-5 * Math.max(size, 1e-30) + 1e-12);
};

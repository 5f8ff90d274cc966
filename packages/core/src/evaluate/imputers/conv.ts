/** The sample convolved with a kernel, 0 beyond the border: the blurred picture that RISE's insertion begins with. */
import { fail } from "../../errors.ts";
import { gaussian } from "../../numeric/blur.ts";
import { sampleOf } from "../../tensor/float.ts";
import { planesOf } from "./channels.ts";
import { type Imputer, type Imputing, snapshot } from "./imputer.ts";

export const conv: Imputer = {
  card: {
    name: "conv",
    form: "conv",
    what: "the sample convolved with the given kernel (default: 11 × 11, Gaussian with σ = 5), zeros beyond the border, which darkens",
    source: "Petsiuk et al. 2018",
  },
  prepare: (_, sample) => {
    const { height, width } = planesOf("conv", sample);
    const { weights, rows, columns } = kernelOf(sample.given?.kernel, height);
    const row = sampleOf(sample.x, sample.n);
    const values = new Float32Array(row.length);
    const [up, left] = [(rows - 1) / 2, (columns - 1) / 2];
    for (let at = 0; at < values.length; at++) {
      const [y, x] = [Math.floor(at / width) % height, at % width];
      let sum = 0;
      for (let i = Math.max(0, up - y); i < Math.min(rows, height + up - y); i++)
        for (let j = Math.max(0, left - x); j < Math.min(columns, width + left - x); j++)
          sum += weights[i * columns + j]! * row[at + (i - up) * width + j - left]!;
      values[at] = sum;
    }
    return snapshot(values);
  },
};

interface Kernel {
  readonly weights: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** Of pictures [k, k'], of series [k]; sizes are odd. */
const kernelOf = (given: NonNullable<Imputing["given"]>[string] | undefined, height: number): Kernel => {
  if (given === undefined) {
    const line = Array.from(gaussian(5, 5));
    if (height === 1) return { weights: Float64Array.from(line), rows: 1, columns: line.length };
    return { weights: Float64Array.from(line.flatMap((a) => line.map((b) => a * b))), rows: 11, columns: 11 };
  }
  const [rows, columns] = given.dims.length === 1 ? [1, given.dims[0]!] : (given.dims as [number, number]);
  if (given.dims.length > 2 || rows % 2 === 0 || columns % 2 === 0)
    throw fail("BadInput", { what: `a kernel of ${given.dims.join("×")}`, fix: "give [k, k], for a series [k], k odd" });
  return { weights: Float64Array.from(given.data as ArrayLike<number>), rows, columns };
};

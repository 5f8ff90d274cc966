/**
 * Principal relevant component analysis (Chormai et al. 2024): orthogonal directions among the channels of a value, those with most relevance first. With
 * relevance R_j = a_j c_j at a position, the directions are the eigenvectors of E[(a cᵀ + c aᵀ) / 2], and the eigenvalue of u is the mean relevance
 * (uᵀa)(uᵀc) that passes along it: all of them together are E[aᵀc], what passes the value.
 */
import { fail } from "../errors.ts";
import { symmetricEigen } from "../numeric/eigen.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Plain data. */
export interface RelevantSubspaces {
  /** Mean relevance of a position along each axis, descending. */
  readonly relevance: readonly number[];
  /** Unit vectors among the channels, at right angles: as many as there are channels. The largest entry of each is positive. */
  readonly axes: readonly (readonly number[])[];
  /** Positions of all samples. */
  readonly positions: number;
}

/** Of c = R ⊘ a, as an ε-rule has it. */
const EPSILON = 1e-6;

/** Adds samples up, batch by batch; what comes out does not depend on how they were parted, up to rounding. */
export const relevantSubspaces = () => {
  let [width, positions] = [0, 0];
  let moments = new Float64Array(0);
  return {
    /** A value and its relevance, [N, …] with channels along `axis`. Errors: BadInput for other shapes. */
    add(activation: Tensor, relevance: Tensor, axis: number): void {
      const { dims } = activation;
      const channels = dims[axis] ?? 0;
      if (dims.join() !== relevance.dims.join() || channels === 0 || (width !== 0 && channels !== width))
        throw fail("BadInput", {
          what: `activations of ${dims.join("×")} and relevance of ${relevance.dims.join("×")}`,
          why: `channels are counted by axis ${axis}${width === 0 ? "" : `, there were ${width}`}`,
        });
      if (width === 0) [width, moments] = [channels, new Float64Array(channels * channels)];
      const inner = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
      const count = activation.data.length / channels;
      const [a, c] = [new Float64Array(channels), new Float64Array(channels)];
      for (let p = 0; p < count; p++) {
        const from = Math.floor(p / inner) * inner * channels + (p % inner);
        for (let k = 0; k < channels; k++) {
          a[k] = Number(activation.data[from + k * inner]);
          c[k] = Number(relevance.data[from + k * inner]) / (a[k]! + (a[k]! < 0 ? -EPSILON : EPSILON));
        }
        for (let i = 0; i < channels; i++)
          if (a[i] !== 0 || c[i] !== 0) for (let j = 0; j < channels; j++) moments[i * channels + j]! += a[i]! * c[j]!;
      }
      positions += count;
    },
    /** Errors: BadInput where nothing was added. */
    result(): RelevantSubspaces {
      if (positions === 0) throw fail("BadInput", { what: "no samples", fix: "give some" });
      const mean = Float64Array.from(
        moments,
        (v, at) => (v + moments[(at % width) * width + Math.floor(at / width)]!) / (2 * positions),
      );
      const { values, vectors } = symmetricEigen(mean, width);
      return {
        relevance: Array.from(values).reverse(),
        axes: [...vectors].reverse().map(turnedUp),
        positions,
      };
    },
  };
};

/** A direction and its opposite are the same subspace. */
const turnedUp = (axis: Float64Array): readonly number[] => {
  const largest = axis.reduce((best, v) => (Math.abs(v) > Math.abs(best) ? v : best), 0);
  return Array.from(axis, (v) => (largest < 0 ? -v : v));
};

/** Mixtures of Gaussians by expectation and maximisation (Dempster et al. 1977), in float64. */

import { fail } from "../errors.ts";
import { cholesky, logDeterminant, mahalanobis } from "../numeric/cholesky.ts";
import { logSumExp } from "../numeric/log-sum-exp.ts";
import { kMeans } from "./k-means.ts";
import type { Rows } from "./rows.ts";

export type Covariance = "full" | "diag";

/** Plain data. */
export interface Mixture {
  readonly covariance: Covariance;
  readonly weights: readonly number[];
  /** By component. */
  readonly means: readonly (readonly number[])[];
  /** By component: D × D row-major, or the diagonal. */
  readonly covariances: readonly (readonly number[])[];
}

export interface MixtureOptions {
  readonly components: number;
  /** Default "diag". */
  readonly covariance?: Covariance;
  /** Added to the diagonals; default 1e-6. */
  readonly reg?: number;
  /** Means to start from; default: those of k-means. */
  readonly means?: Rows;
  /** Steps at most; default 1000. */
  readonly steps?: number;
  /** Ends where the mean log-likelihood moves by less; default 1e-6. */
  readonly tolerance?: number;
  readonly seed?: number;
}

/** Errors: BadInput for more components than rows, or rows that a covariance cannot be made of. */
export const fitMixture = (rows: Rows, options: MixtureOptions): Mixture => {
  const { steps = 1000, tolerance = 1e-6 } = options;
  let mixture = startOf(rows, options);
  let before = Number.NEGATIVE_INFINITY;
  for (let step = 0; step < steps; step++) {
    const density = densityOf(mixture);
    const all = rows.map((row) => density(row));
    mixture = maximised(rows, all.map(responsibilitiesOf), options);
    const now = all.reduce((sum, own) => sum + logSumExp(own), 0) / rows.length;
    if (Math.abs(now - before) < tolerance) break;
    before = now;
  }
  return mixture;
};

/** Equal weights; every component the covariance of all rows. */
const startOf = (rows: Rows, options: MixtureOptions): Mixture => {
  const { components, covariance = "diag", seed = 0 } = options;
  if (!Number.isInteger(components) || components < 1 || components > rows.length)
    throw fail("BadInput", {
      what: `${components} components of ${rows.length} rows`,
      fix: "give fewer components, or more rows",
    });
  const means = options.means ?? kMeans(rows, components, { seed, starts: 10 }).means;
  const one = maximised(
    rows,
    rows.map(() => [1]),
    options,
  );
  return {
    covariance,
    weights: Array.from({ length: means.length }, () => 1 / means.length),
    means: means.map((mean) => Array.from(mean)),
    covariances: means.map(() => one.covariances[0]!),
  };
};

const maximised = (
  rows: Rows,
  shares: readonly (readonly number[])[],
  { covariance = "diag", reg = 1e-6 }: MixtureOptions,
): Mixture => {
  const width = rows[0]!.length;
  const components = shares[0]!.map((_, k) => {
    const count = shares.reduce((sum, own) => sum + own[k]!, 0) + 10 * Number.EPSILON;
    const mean = new Float64Array(width);
    for (const [n, row] of rows.entries()) for (let d = 0; d < width; d++) mean[d]! += (shares[n]![k]! * row[d]!) / count;
    return {
      count,
      mean,
      spread: spreadOf(rows, mean, { share: (n) => shares[n]![k]! / count, full: covariance === "full", reg }),
    };
  });
  const total = components.reduce((sum, { count }) => sum + count, 0);
  return {
    covariance,
    weights: components.map(({ count }) => count / total),
    means: components.map(({ mean }) => Array.from(mean)),
    covariances: components.map(({ spread }) => Array.from(spread)),
  };
};

interface Spread {
  share(n: number): number;
  readonly full: boolean;
  readonly reg: number;
}

const spreadOf = (rows: Rows, mean: Float64Array, { share, full, reg }: Spread): Float64Array => {
  const width = mean.length;
  const out = new Float64Array(full ? width * width : width);
  const centred = new Float64Array(width);
  for (const [n, row] of rows.entries()) {
    const weight = share(n);
    for (let d = 0; d < width; d++) centred[d] = row[d]! - mean[d]!;
    for (let d = 0; d < width; d++)
      if (full) for (let e = 0; e < width; e++) out[d * width + e]! += weight * centred[d]! * centred[e]!;
      else out[d]! += weight * centred[d]! ** 2;
  }
  for (let d = 0; d < width; d++) out[full ? d * width + d : d]! += reg;
  return out;
};

/** log(w_k N(x; m_k, C_k)) of each component. Errors: BadInput, where a covariance is not positive definite. */
export const densityOf = ({
  covariance,
  weights,
  means,
  covariances,
}: Mixture): ((row: ArrayLike<number>) => readonly number[]) => {
  const width = means[0]!.length;
  const constant = width * Math.log(2 * Math.PI);
  const parts = covariances.map((own, k) => {
    const l = covariance === "full" ? cholesky(own, width) : undefined;
    if (covariance === "full" && l === undefined)
      throw fail("BadInput", {
        what: "a covariance that is not positive definite",
        why: "its rows lie in fewer dimensions than they have",
        fix: 'take covariance "diag", more rows, or a larger reg',
      });
    const determinant = l ? logDeterminant(l, width) : own.reduce((sum, v) => sum + Math.log(v), 0);
    return { l, own, mean: means[k]!, constant: Math.log(weights[k]!) - 0.5 * (constant + determinant) };
  });
  const centred = new Float64Array(width);
  return (row) =>
    parts.map(({ l, own, mean, constant }) => {
      let distance = 0;
      for (let d = 0; d < width; d++) {
        centred[d] = row[d]! - mean[d]!;
        if (l === undefined) distance += centred[d]! ** 2 / own[d]!;
      }
      return constant - 0.5 * (l ? mahalanobis(l, centred, width) : distance);
    });
};

/** Shares of the components in a row, from its log densities. */
export const responsibilitiesOf = (densities: readonly number[]): readonly number[] => {
  const all = logSumExp(densities);
  return densities.map((own) => Math.exp(own - all));
};

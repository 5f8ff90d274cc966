/**
 * Prototypical concept explanations (Dreyer et al. 2024): for each class a mixture of Gaussians on the channel relevances of its samples.
 * Components are ways of deciding for the class; a decision far from all of them is unusual.
 */

import { densityOf, fitMixture, type Mixture, type MixtureOptions, responsibilitiesOf } from "../../clusters/mixture.ts";
import { nearest, type Rows } from "../../clusters/rows.ts";
import { fail } from "../../errors.ts";
import { logSumExp } from "../../numeric/log-sum-exp.ts";

/** Below, no percentile is told. */
const LEAST = 10;

export interface ClassPrototypes {
  readonly mixture: Mixture;
  /** Samples it was made of, by their number in the data. */
  readonly samples: readonly number[];
  /** By component: the sample nearest to its mean, and the one of highest density. */
  readonly nearest: readonly number[];
  readonly densest: readonly number[];
  /** Component of each of its samples. */
  readonly components: readonly number[];
  /** log Σ w_k N(x) of its samples, ascending. */
  readonly likelihoods: readonly number[];
}

export interface Fitted {
  /** By row of the class. */
  readonly rows: Rows;
  /** Their numbers in the data; default 0, 1, …. */
  readonly samples?: readonly number[];
}

/** Of the samples of one class: plain data. Errors: BadInput for fewer rows than components. */
export const prototypesOf = ({ rows, samples = rows.map((_, n) => n) }: Fitted, options: MixtureOptions): ClassPrototypes => {
  const mixture = fitMixture(rows, options);
  const density = densityOf(mixture);
  const all = rows.map((row) => density(row));
  const densest = mixture.means.map((_, k) => samples[argMax(all.map((own) => own[k]!))]!);
  return {
    mixture,
    samples,
    nearest: mixture.means.map((mean) => samples[nearest(rows, mean)]!),
    densest,
    components: all.map((own) => argMax(responsibilitiesOf(own))),
    likelihoods: all.map(logSumExp).sort((a, b) => a - b),
  };
};

export interface JudgedDecision {
  readonly logLikelihood: number;
  /** Share of the class's own samples that are less likely, in per cent; undefined where it has fewer than 10. */
  readonly percentile?: number;
  readonly component: number;
  /** Vector less the mean of that component: which channels are used more, or less, than usual. */
  readonly difference: readonly number[];
}

/** How ordinary a decision is among those for its class. `vector`: its channel relevances, as shares. Errors: BadInput for another number of channels. */
export const judgeDecision = ({ mixture, likelihoods }: ClassPrototypes, vector: ArrayLike<number>): JudgedDecision => {
  const width = mixture.means[0]!.length;
  if (vector.length !== width)
    throw fail("BadInput", { what: `a vector of ${vector.length} channels`, why: `prototypes have ${width}` });
  const densities = densityOf(mixture)(vector);
  const logLikelihood = logSumExp(densities);
  const component = argMax(densities);
  const less = likelihoods.filter((own) => own < logLikelihood).length;
  return {
    logLikelihood,
    ...(likelihoods.length >= LEAST && { percentile: (100 * less) / likelihoods.length }),
    component,
    difference: mixture.means[component]!.map((mean, d) => vector[d]! - mean),
  };
};

const argMax = (values: readonly number[]): number => values.reduce((best, v, i) => (v > values[best]! ? i : best), 0);

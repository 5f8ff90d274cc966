/**
 * Prototypical concept explanations (Dreyer et al. 2024): for each class a mixture of Gaussians on the channel relevances of its samples.
 * Components are ways of deciding for the class; a decision far from all of them is unusual.
 */

import { fitMixture, type MixtureOptions, responsibilitiesOf } from "../../clusters/mixture.ts";
import { nearest, type Rows } from "../../clusters/rows.ts";
import { fail } from "../../errors.ts";
import { logSumExp } from "../../numeric/log-sum-exp.ts";
import { componentsOf, type Modelled, usualOf, widthOf } from "./density.ts";
import { projected, subspaceOf } from "./subspace.ts";

/** Below, no percentile is told. */
export const LEAST_SAMPLES = 10;
const REG = 1e-6;

/** Plain data. */
export interface ClassPrototypes extends Modelled {
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

export interface PrototypeOptions extends MixtureOptions {
  /** Full covariances are those of at most so many principal components; default: of the channels themselves. */
  readonly axes?: number;
}

/** Of the samples of one class: plain data. Errors: BadInput for fewer rows than components. */
export const prototypesOf = ({ rows, samples = rows.map((_, n) => n) }: Fitted, options: PrototypeOptions): ClassPrototypes => {
  const modelled = modelledBy(rows, options);
  const density = componentsOf(modelled);
  const all = rows.map((row) => density(row));
  const ways = [...modelled.mixture.weights.keys()];
  return {
    ...modelled,
    samples,
    nearest: ways.map((k) => samples[nearest(rows, usualOf(modelled, k).mean)]!),
    densest: ways.map((k) => samples[argMax(all.map((own) => own[k]!))]!),
    components: all.map((own) => argMax(responsibilitiesOf(own))),
    likelihoods: all.map(logSumExp).sort((a, b) => a - b),
  };
};

/** The mixture, of principal components where these are fewer than channels and there are some. */
const modelledBy = (rows: Rows, { axes, ...options }: PrototypeOptions): Modelled => {
  const narrow = axes !== undefined && options.covariance === "full" && rows.length > 0 && axes < rows[0]!.length;
  if (!narrow) return { mixture: fitMixture(rows, options) };
  const subspace = subspaceOf(rows, axes, options.reg ?? REG);
  if (subspace.axes.length === 0) return { mixture: fitMixture(rows, { ...options, covariance: "diag" }) };
  const along = rows.map((row) => projected(subspace, row).along);
  return { mixture: fitMixture(along, options), subspace };
};

export interface JudgedDecision {
  readonly logLikelihood: number;
  /** Share of the class's own samples that are less likely, in per cent; undefined where it has fewer than 10. */
  readonly percentile?: number;
  readonly component: number;
  /** Vector less the mean of that component: which channels are used more, or less, than usual. */
  readonly difference: readonly number[];
  /** The same in the component's standard deviations. */
  readonly deviations: readonly number[];
}

/** How ordinary a decision is among those for its class. `vector`: its channel relevances, as shares. Errors: BadInput for another number of channels. */
export const judgeDecision = (prototypes: ClassPrototypes, vector: ArrayLike<number>): JudgedDecision => {
  const width = widthOf(prototypes);
  if (vector.length !== width)
    throw fail("BadInput", { what: `a vector of ${vector.length} channels`, why: `prototypes have ${width}` });
  const { likelihoods } = prototypes;
  const densities = componentsOf(prototypes)(vector);
  const logLikelihood = logSumExp(densities);
  const component = argMax(densities);
  const { mean, deviation } = usualOf(prototypes, component);
  const less = likelihoods.filter((own) => own < logLikelihood).length;
  const difference = mean.map((own, d) => vector[d]! - own);
  return {
    logLikelihood,
    ...(likelihoods.length >= LEAST_SAMPLES && { percentile: (100 * less) / likelihoods.length }),
    component,
    difference,
    deviations: difference.map((own, d) => (deviation[d] === 0 ? 0 : own / deviation[d]!)),
  };
};

const argMax = (values: readonly number[]): number => values.reduce((best, v, i) => (v > values[best]! ? i : best), 0);

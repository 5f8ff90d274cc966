/** How likely a row is under a class's mixture, and what a component expects of each channel. */
import { densityOf, type Mixture } from "../../clusters/mixture.ts";
import { projected, type Subspace } from "./subspace.ts";

/** A mixture on channels, or on their principal components. */
export interface Modelled {
  readonly mixture: Mixture;
  /** Absent: the mixture is on the channels themselves. */
  readonly subspace?: Subspace;
}

/** log(w_k N(x; m_k, C_k)) of each component, over all channels. Errors: BadInput (`densityOf`). */
export const componentsOf = ({ mixture, subspace }: Modelled): ((row: ArrayLike<number>) => readonly number[]) => {
  const density = densityOf(mixture);
  if (subspace === undefined) return density;
  const constant = restConstant(subspace);
  return (row) => {
    const { along, left } = projected(subspace, row);
    return density(along).map((own) => own + constant - left / (2 * subspace.rest));
  };
};

/** −½ (C − d) log 2πσ²: of the directions that are no axes. */
export const restConstant = ({ mean, axes, rest }: Subspace): number =>
  -0.5 * (mean.length - axes.length) * Math.log(2 * Math.PI * rest);

export const widthOf = ({ mixture, subspace }: Modelled): number => (subspace?.mean ?? mixture.means[0]!).length;

/** By channel: mean and standard deviation of a component. */
export const usualOf = ({ mixture, subspace }: Modelled, component: number) => {
  const [mean, own] = [mixture.means[component]!, mixture.covariances[component]!];
  const size = mean.length;
  const entry = (k: number, j: number) => (mixture.covariance === "full" ? own[k * size + j]! : k === j ? own[k]! : 0);
  if (subspace === undefined) return { mean, deviation: mean.map((_, d) => Math.sqrt(entry(d, d))) };
  const { mean: middle, axes, rest } = subspace;
  const deviation = middle.map((_, d) => {
    let variance = rest * (1 - axes.reduce((sum, axis) => sum + axis[d]! ** 2, 0));
    for (const [k, a] of axes.entries()) for (const [j, b] of axes.entries()) variance += a[d]! * b[d]! * entry(k, j);
    return Math.sqrt(Math.max(0, variance));
  });
  return { mean: middle.map((own, d) => own + axes.reduce((sum, axis, k) => sum + axis[d]! * mean[k]!, 0)), deviation };
};

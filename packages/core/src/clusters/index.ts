export { type KMeans, type KMeansOptions, kMeans } from "./k-means.ts";
export {
  type Covariance,
  densityOf,
  fitMixture,
  logSumExp,
  type Mixture,
  type MixtureOptions,
  responsibilitiesOf,
} from "./mixture.ts";
export type { Rows } from "./rows.ts";

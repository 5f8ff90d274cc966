export { logSumExp } from "../numeric/log-sum-exp.ts";
export { distancesOf, gaussianAffinity, laplacianOf, nearestAffinity } from "./affinity.ts";
export { agglomerative, type Linkage } from "./agglomerative.ts";
export { type DbscanOptions, dbscan } from "./dbscan.ts";
export { type FeatureOptions, heatmapFeatures, type Normalisation } from "./features.ts";
export { type KMeans, type KMeansOptions, kMeans } from "./k-means.ts";
export {
  type Covariance,
  densityOf,
  fitMixture,
  type Mixture,
  type MixtureOptions,
  responsibilitiesOf,
} from "./mixture.ts";
export { mapPlanes } from "./plane.ts";
export { type CommonRegion, commonRegion, shareWithin } from "./region.ts";
export type { Rows } from "./rows.ts";
export { eigengap, embeddingOf, type Spectrum, spectrumOf } from "./spectral.ts";
export { type Spray, type SprayCluster, type SprayOptions, spray } from "./spray.ts";
export { twoGroups } from "./threshold.ts";
export { type Corner, topWindows } from "./windows.ts";

/**
 * Spectral relevance analysis (Lapuschkin et al. 2019): heatmaps of many samples of one class, grouped by what they look at. Groups that
 * should not be there (a watermark, a border) are how a model was right for the wrong reason.
 */
import type { FloatTensor } from "../tensor/float.ts";
import { distancesOf, gaussianAffinity, laplacianOf, nearestAffinity } from "./affinity.ts";
import { type FeatureOptions, heatmapFeatures } from "./features.ts";
import { kMeans } from "./k-means.ts";
import { eigengap, embeddingOf, spectrumOf } from "./spectral.ts";

export interface SprayOptions extends FeatureOptions {
  /** Neighbours in the graph, at most all others; default: about the logarithm of the number of samples, at least 3. */
  readonly neighbours?: number;
  /** Takes the Gaussian of the distance in place of neighbours. */
  readonly sigma?: number;
  /** Number of clusters; default: that of the largest gap between eigenvalues, at least 2. */
  readonly clusters?: number;
  /** Smallest eigenvalues told; default 10. */
  readonly eigenvalues?: number;
  /** Of k-means; default 0. */
  readonly seed?: number;
}

export interface SprayCluster {
  readonly size: number;
  /** The sample whose map is nearest to all others of the cluster. */
  readonly medoid: number;
  /** Mean distance of two of its maps, as a share of that over all. */
  readonly spread: number;
}

/** Plain data; samples by their place in the maps. */
export interface Spray {
  readonly eigenvalues: readonly number[];
  /** Parts of the graph that are not connected. */
  readonly components: number;
  /** λ_(k+1) − λ_k behind the number of clusters. */
  readonly gap: number;
  /** By sample. */
  readonly labels: readonly number[];
  readonly clusters: readonly SprayCluster[];
  /** By sample: its place in the plane, the second and third eigenvectors. */
  readonly places: readonly (readonly [number, number])[];
  /** By sample: distance to its nearest neighbours, as a multiple of the median's. */
  readonly strangeness: readonly number[];
}

/** `maps`: [N, C, H, W], of one class. Fewer than three samples are one cluster. Errors: BadInput, BadRecipe. */
export const spray = (maps: FloatTensor, options: SprayOptions = {}): Spray => {
  const features = heatmapFeatures(maps, options);
  const n = features.length;
  const distances = distancesOf(features);
  if (n < 3) return one(n);
  const k = options.neighbours ?? Math.min(n - 1, Math.max(3, Math.round(Math.log(n))));
  const affinity =
    options.sigma === undefined ? nearestAffinity(distances, n, Math.min(k, n - 1)) : gaussianAffinity(distances, options.sigma);
  const spectrum = spectrumOf(laplacianOf(affinity, n), n, options.eigenvalues);
  const { values, components } = spectrum;
  const count = options.clusters ?? eigengap(values);
  const embedding = embeddingOf(spectrum, Math.min(count, spectrum.vectors.length));
  const { labels } = kMeans(embedding, count, options.seed === undefined ? {} : { seed: options.seed });
  return {
    eigenvalues: values,
    components,
    gap: (values[count] ?? values.at(-1)!) - values[count - 1]!,
    labels,
    clusters: clustersOf(labels, distances),
    places: features.map((_, i) => [spectrum.vectors[1]![i]!, spectrum.vectors[2]?.[i] ?? 0]),
    strangeness: strangenessOf(distances, n, Math.min(k, n - 1)),
  };
};

const one = (n: number): Spray => ({
  eigenvalues: [],
  components: n === 0 ? 0 : 1,
  gap: 0,
  labels: Array.from({ length: n }, () => 0),
  clusters: n === 0 ? [] : [{ size: n, medoid: 0, spread: 1 }],
  places: Array.from({ length: n }, () => [0, 0] as const),
  strangeness: Array.from({ length: n }, () => 1),
});

const clustersOf = (labels: readonly number[], distances: Float64Array): readonly SprayCluster[] => {
  const n = labels.length;
  const whole = distances.reduce((a, b) => a + b, 0) / (n * (n - 1));
  return [...new Set(labels)]
    .sort((a, b) => a - b)
    .map((label) => {
      const own = labels.flatMap((other, i) => (other === label ? [i] : []));
      const sums = own.map((i) => own.reduce((sum, j) => sum + distances[i * n + j]!, 0));
      const least = sums.reduce((best, sum, i) => (sum < sums[best]! ? i : best), 0);
      const pairs = own.length * (own.length - 1);
      const within = pairs === 0 ? 0 : sums.reduce((a, b) => a + b, 0) / pairs;
      return { size: own.length, medoid: own[least]!, spread: whole === 0 ? 0 : within / whole };
    });
};

const strangenessOf = (distances: Float64Array, n: number, k: number): readonly number[] => {
  const near = Array.from({ length: n }, (_, i) => {
    const own = Array.from(distances.subarray(i * n, (i + 1) * n)).sort((a, b) => a - b);
    return own.slice(1, k + 1).reduce((a, b) => a + b, 0) / k;
  });
  const middle = [...near].sort((a, b) => a - b)[Math.floor(n / 2)]!;
  return near.map((d) => (middle === 0 ? 1 : d / middle));
};

/** Spectral relevance analysis, step by step from given heatmaps. */
import {
  agglomerative,
  dbscan,
  distancesOf,
  eigengap,
  embeddingOf,
  type FloatTensor,
  fail,
  gaussianAffinity,
  heatmapFeatures,
  kMeans,
  type Linkage,
  laplacianOf,
  type Normalisation,
  nearestAffinity,
  spectrumOf,
} from "@backlit/core";
import type { Expectation } from "../cases.ts";
import { conditional } from "./crp.ts";
import type { Answer, Given } from "./given.ts";

interface Params {
  readonly pool: number;
  readonly normalise: Normalisation;
  readonly affinity: "knn" | "rbf";
  readonly neighbours: number;
  readonly sigma?: number;
  readonly eigenvectors?: number;
  readonly clusters?: number;
  readonly linkage?: Linkage;
  readonly eps?: number;
  readonly min_samples?: number;
}

export const clusters = async (given: Given, expectation: Expectation): Promise<Answer> => {
  if (expectation.method === "lrp") return await conditional(given, expectation);
  const params = expectation.params as unknown as Params;
  const features = heatmapFeatures(given.inputs.heatmaps as FloatTensor, params);
  const n = features.length;
  const what = expectation.id.split(".")[1]!.replace(/-\d+$/, "");
  if (what === "features") return floats(features, [n, features[0]!.length]);
  if (what.startsWith("agglomerative")) return ints(agglomerative(features, params.clusters!, params.linkage));
  if (what === "dbscan") return ints(dbscan(features, { eps: params.eps!, minSamples: params.min_samples! }));
  const distances = distancesOf(features);
  if (what === "distances") return floats([distances], [n, n]);
  const affinity =
    params.affinity === "knn" ? nearestAffinity(distances, n, params.neighbours) : gaussianAffinity(distances, params.sigma!);
  if (what === "affinity") return floats([affinity], [n, n]);
  const laplacian = laplacianOf(affinity, n);
  if (what === "laplacian") return floats([laplacian], [n, n]);
  const spectrum = spectrumOf(laplacian, n);
  const { values, vectors, components } = spectrum;
  const first = params.eigenvectors ?? 0;
  switch (what) {
    case "eigenvalues":
      return floats([values], [values.length]);
    case "eigengap":
      return ints([eigengap(values, 2), eigengap(values, 1)]);
    case "components":
      return ints([components]);
    case "projector":
      return floats(
        [gram(Array.from({ length: n }, (_, i) => Array.from({ length: first }, (_, k) => vectors[k]![i]!)))],
        [n, n],
      );
    case "embedding-gram":
      return floats([gram(embeddingOf(spectrum, first))], [n, n]);
    case "kmeans":
      return ints(kMeans(embeddingOf(spectrum, first), params.clusters!).labels);
    case "kmeans-inertia":
      return floats([[kMeans(embeddingOf(spectrum, first), params.clusters!).inertia]], [1]);
    default:
      throw fail("Unsupported", { what: `no expectation '${expectation.id}'` });
  }
};

const gram = (rows: readonly ArrayLike<number>[]): number[] =>
  rows.flatMap((a) => rows.map((b) => Array.from(a).reduce((sum, v, k) => sum + v * b[k]!, 0)));

const floats = (rows: readonly ArrayLike<number>[], dims: readonly number[]): Answer => ({
  got: { type: "float32", dims, data: Float32Array.from(rows.flatMap((row) => Array.from(row))) },
});
const ints = (data: readonly number[]): Answer => ({ got: { type: "int32", dims: [data.length], data: Int32Array.from(data) } });

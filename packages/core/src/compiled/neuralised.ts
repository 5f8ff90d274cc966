/** What has no layers, rewritten as a network that has: k-means, kernel machines, densities. */
import { compiled } from "./compiled.ts";

export const neuralised = compiled({
  card: {
    name: "neuralised",
    family: "reference",
    what: "k-means, one-class and other RBF support vector machines and kernel densities as networks of distances, and their relevance column by column",
    assumes:
      "the logarithm of a sum over kernels says what the sum does: for and against are compared as (1/γ)(log Σ₊ − log Σ₋), without the bias",
    conserves: "o = −(1/γ) log Σ α exp(−γ|x − s|²) of outliers, the difference of two such of classifiers, min h of clusters",
    cost: "1 G in float64: rows × kernels × columns",
    classDiscriminative: true,
    source: "Kauffmann, Müller, Montavon 2020; Kauffmann et al. 2022",
    parameters: {
      beta: {
        what: "of clusters: how sharply the nearest rival is taken (softmin βh); 0: the nearest alone",
        default: 0,
        min: 0,
      },
    },
  },
  flow: "neuralised",
});

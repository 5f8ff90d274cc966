/**
 * Cosine similarity convergence (Sixt et al. 2020): relevance of two random vectors at the output, sent back by the method's rules.
 * A chain of non-negative matrices comes close to rank 1: both end in the same direction, and the map forgets what it started from.
 */
import { fail } from "../../../errors.ts";
import { cosine } from "../../../numeric/cosine.ts";
import { type FloatTensor, sampleOf, widthOf } from "../../../tensor/float.ts";
import { eachSample, type Metric, type Trial } from "../../metric.ts";
import { explainingIn } from "./cascade.ts";
import { VECTOR_KEY } from "./weights.ts";

export const cosineConvergence: Metric = {
  card: {
    name: "cosine-convergence",
    family: "randomisation",
    what: "does the map forget which output it started from",
    definition:
      "|cos(R_l(v₁), R_l(v₂))| at the inputs of the layers with weights, v₁, v₂ standard normal in place of the output's relevance; mean over pairs. The absolute value, since a chain of rank 1 leaves a sign",
    source: "Sixt, Granz and Landgraf 2020, When explanations lie: why many modified BP attributions fail (CSC)",
    scores: {
      cosine: { what: "at the input: near 1, the map forgets", direction: "lower", range: "0 to 1" },
      cosine_mean: { what: "mean over the layers", direction: "lower", range: "0 to 1" },
    },
    cost: "2 × pairs × the method's cost",
    criticism:
      "Of the chain, not of the map of a class: with a contrastive seed a converging chain can still tell classes apart by a small rest. A value below 1 says nothing about right or wrong.",
    needs: ["explain"],
    parameters: {
      pairs: { what: "of random vectors; cosines are averaged", default: 5, min: 1, max: 10_000, integer: true },
    },
  },
  measure: async (trial) => {
    const { seeded } = explainingIn(trial, cosineConvergence.card, false);
    const outputs = trial.model.options.classes.reduce((a, b) => a * b, 1);
    if (seeded === undefined || outputs < 2)
      throw fail("BadRecipe", {
        what: `metric '${cosineConvergence.card.name}'`,
        why: outputs < 2 ? "the model has one output" : "the method does not send relevance back through the graph",
        fix: outputs < 2 ? "take mprt" : "take a composite, rules, or a gradient",
      });
    const pairs = Number(trial.params.pairs);
    let cosines: Float64Array[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const [first, second] = [vectors(trial, 2 * pair), vectors(trial, 2 * pair + 1)];
      const a = [first, ...(await seeded(trial.x, first))];
      const b = [second, ...(await seeded(trial.x, second))];
      cosines = a.map((layer, l) =>
        eachSample(trial, (n) => (cosines[l]?.[n] ?? 0) + Math.abs(cosine(sampleOf(layer, n), sampleOf(b[l]!, n))) / pairs),
      );
    }
    const at = Float64Array.from(cosines, (_, l) => l / (cosines.length - 1));
    const values = trial.ids.map((_, n) => Float64Array.from(cosines, (of) => of[n]!));
    return {
      scores: {
        cosine: cosines.at(-1)!,
        cosine_mean: eachSample(trial, (n) => values[n]!.subarray(1).reduce((a, b) => a + b, 0) / (cosines.length - 1)),
      },
      curves: { cosine: { at: values.map(() => at), values } },
    };
  },
};

/** Standard normal, one vector a sample in the shape of the outputs. */
const vectors = ({ model, ids, random }: Trial, draw: number): FloatTensor => {
  const dims = [ids.length, ...model.options.classes];
  const made: FloatTensor = { type: "float32", dims, data: new Float32Array(dims.reduce((a, b) => a * b, 1)) };
  ids.forEach((id, n) => {
    const stream = random.stream(id, draw, VECTOR_KEY);
    for (let i = 0; i < widthOf(made); i++) sampleOf(made, n)[i] = stream.normal();
  });
  return made;
};

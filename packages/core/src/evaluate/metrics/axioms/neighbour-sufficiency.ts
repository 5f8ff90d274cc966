/** Sufficiency (Dasgupta et al. 2022): inputs explained alike are predicted alike. */

import { ownRows } from "../../../oracle/rows.ts";
import { winnerOf } from "../../../oracle/score.ts";
import { type FloatTensor, sampleOf, widthOf } from "../../../tensor/float.ts";
import { eachSample, type Metric, type Trial } from "../../metric.ts";

export const neighbourSufficiency: Metric = {
  card: {
    name: "neighbour-sufficiency",
    family: "axioms",
    what: "are inputs with like maps predicted alike",
    definition:
      "share, of the other inputs whose map lies within the threshold, of those with the same predicted class; distances of all pairs over the largest one; undefined without such neighbours",
    source: "Dasgupta, Frost and Moshkovitz 2022, Framework for evaluating faithfulness of local explanations",
    scores: {
      sufficiency: { what: "share of neighbours with the same predicted class", direction: "higher", range: "0 to 1" },
    },
    cost: "1 F, and the distances of all pairs of maps",
    criticism:
      "Maps tell which class was explained by their place alone, so that like pictures suffice. The threshold decides, and the largest distance is that of one odd pair. Needs many inputs of a class.",
    scope: "set",
    parameters: {
      map: {
        what: "absolute: |R| over its own maximum; signed: R as it is",
        default: "absolute",
        choices: ["absolute", "signed"],
      },
      distance: {
        what: "euclidean, or seuclidean: every value over its standard deviation in the set",
        default: "euclidean",
        choices: ["euclidean", "seuclidean"],
      },
      threshold: { what: "how far neighbours may be, as a share of the largest distance", default: 0.6, min: 0, max: 1 },
    },
  },
  measure: async (trial) => {
    const { params } = trial;
    const winners = await trial.shared.once("predicted classes", () => predicted(trial));
    const distances = distancesOf(trial);
    return {
      scores: {
        sufficiency: eachSample(trial, (n) => {
          let [near, same] = [0, 0];
          distances[n]!.forEach((distance, m) => {
            if (m === n || !(distance <= Number(params.threshold))) return;
            near += 1;
            same += Number(winners[m] === winners[n]);
          });
          return same / near;
        }),
      },
      curves: {
        distance: { at: distances.map((row) => row.map((_, m) => m / row.length)), values: distances },
      },
    };
  },
};

/** The class of the largest logit, as one text a sample. */
const predicted = async ({ model, x }: Trial): Promise<readonly string[]> => {
  const found: string[] = [];
  await model.scores(ownRows(x), (n, { logits }) => {
    found[n] = winnerOf(logits, model.options.classes).join();
  });
  return found;
};

/** Of all pairs, over the largest. NaN where all maps are the same. */
const distancesOf = ({ relevance, params }: Trial): Float64Array[] => {
  const rows = Array.from({ length: relevance.dims[0]! }, (_, n) => sampleOf(relevance, n));
  const scaled = params.map === "absolute" ? rows.map(absolute) : rows;
  const weights = params.distance === "seuclidean" ? inverseVariances(scaled, relevance) : undefined;
  const distances = rows.map(() => new Float64Array(rows.length));
  let most = 0;
  scaled.forEach((a, n) => {
    for (let m = 0; m < n; m++) {
      const b = scaled[m]!;
      let sum = 0;
      for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2 * (weights?.[i] ?? 1);
      const distance = Math.sqrt(sum);
      distances[n]![m] = distance;
      distances[m]![n] = distance;
      most = Math.max(most, distance);
    }
  });
  return distances.map((row) => row.map((distance) => distance / most));
};

const absolute = (row: Float32Array): Float64Array => {
  const most = row.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  return Float64Array.from(row, (value) => Math.abs(value) / most);
};

/** 1/V of each value, V the variance of the set stacked twice with ddof 1 (as SciPy's cdist of a set with itself); 0 where it does not vary. */
const inverseVariances = (rows: readonly ArrayLike<number>[], relevance: FloatTensor): Float64Array =>
  Float64Array.from({ length: widthOf(relevance) }, (_, i) => {
    const mean = rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length;
    const squares = rows.reduce((sum, row) => sum + (row[i]! - mean) ** 2, 0);
    return squares > 0 ? (2 * rows.length - 1) / (2 * squares) : 0;
  });

/** Average drop, increase in confidence (Chattopadhay et al. 2018) and average gain (Zhang et al. 2024): the sample seen through its map. */
import { layoutOf, spreadPositions } from "../../../features/layout.ts";
import { repeatedRows } from "../../../oracle/rows.ts";
import { sampleOf, widthOf } from "../../../tensor/float.ts";
import { eachSample, type Metric } from "../../metric.ts";
import { untouched } from "../../removal/drops.ts";
import { readScore } from "../../removal/score.ts";
import { positionMap } from "../../removal/units.ts";

export const averageDrop: Metric = {
  card: {
    name: "average-drop",
    family: "perturbation",
    what: "what becomes of the probability when the sample is multiplied by its heatmap",
    definition:
      "p' = p(x ⊙ E), E = max(R, 0)/max R by position; drop = max(0, p − p')/p, increase = [p' > p], gain = max(0, p' − p)/(1 − p)",
    source:
      "Chattopadhay et al. 2018, Grad-CAM++ (average drop, increase in confidence); Zhang et al. 2024, Opti-CAM (average gain); there as per cent over a data set",
    scores: {
      average_drop: { what: "share of the probability that is lost", direction: "lower", range: "0 to 1" },
      increase: { what: "1 where the probability rises", direction: "higher", range: "0 or 1" },
      average_gain: { what: "share of the missing probability that is won", direction: "higher", range: "0 to 1" },
    },
    cost: "2 F",
    criticism:
      "A map of ones is perfect by drop; broad maps win, fine ones lose (Poppi et al. 2021; hence gain). Multiplying darkens toward 0 in the space the model sees, which is the mean colour where inputs are normalised. Undefined for a map without positive relevance.",
    parameters: {},
  },
  measure: async (trial) => {
    const { x, kind, model } = trial;
    const count = model.samples;
    const layout = layoutOf(x.dims, kind);
    const masks = Array.from({ length: count }, (_, n) =>
      spreadPositions(layout, shown(positionMap(trial, n)), new Float32Array(widthOf(x))),
    );
    const after = new Float64Array(count);
    await model.scores(
      repeatedRows(count, 1, (n, _, into) => into.set(sampleOf(x, n).map((v, i) => v * masks[n]![i]!))),
      (n, { logits }) => {
        after[n] = readScore(model, logits, model.judged(n), "probability");
      },
    );
    const { probability: before } = await untouched(trial);
    const each = (score: (p: number, seen: number) => number) =>
      eachSample(trial, (n) => (Number.isNaN(masks[n]![0]) ? Number.NaN : score(before[n]!, after[n]!)));
    return {
      scores: {
        average_drop: each((p, seen) => Math.max(0, p - seen) / p),
        increase: each((p, seen) => Number(seen > p)),
        average_gain: each((p, seen) => Math.max(0, seen - p) / (1 - p)),
      },
    };
  },
};

/** E = max(R, 0)/max R; NaN where nothing is positive. */
const shown = (map: Float64Array): Float64Array => {
  const most = map.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return map.map((r) => (most > 0 ? Math.max(r, 0) / most : Number.NaN));
};

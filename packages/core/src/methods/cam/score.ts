/**
 * Score-CAM (Wang et al. 2020, eqs. 4 to 7): each channel, enlarged to the input and scaled to [0, 1], is a mask H; a channel's weight is the score of
 * the input seen through it, f(x′ + H ⊙ (x − x′)), x′ the baseline. Softmax over channels, or the score's difference to the baseline's.
 */

import { ownRows, repeatedRows } from "../../oracle/rows.ts";
import { sampleOf } from "../../tensor/float.ts";
import type { Method } from "../method.ts";
import { BASELINE, baselinesOf } from "../reference/baseline.ts";
import { positionOf } from "./frame.ts";
import { LAYER } from "./layer.ts";
import { RESIZE, relu, stretched } from "./map.ts";
import { foundIn, mapped, valuesOf, weighted } from "./run.ts";

export const scoreCam: Method = {
  card: {
    name: "score-cam",
    family: "cam",
    what: "a layer's channels added up, each weighted by the score of the input seen through it",
    assumes: "an input faded out where a channel is low still means something to the model",
    conserves: "nothing",
    cost: "(1 + channels) F",
    classDiscriminative: true,
    source: "Wang et al. 2020",
    parameters: {
      layer: LAYER,
      channels: { what: "channels tried: the most active ones; 0: all", default: 0, min: 0, integer: true },
      weights: {
        what: "scores made weights: softmax over channels, or difference to the baseline's score",
        default: "softmax",
        choices: ["softmax", "difference"],
      },
      baseline: { ...BASELINE, what: "what the input fades into: zero, a number, mean, blur or blur:SIGMA" },
      relu: relu(true),
      resize: RESIZE,
    },
  },
  attribute: async (task) => {
    const { x, params, oracle } = task;
    const found = foundIn(task);
    const layers: Float64Array[] = [];
    await oracle.scores(ownRows(x), (n, row) => void layers.splice(n, 1, valuesOf(found, row)), [found.layer.value]);
    const { channels, positions, sizes } = found.channels!;
    const tried = layers.map((values) => mostActive(values, positions, (params.channels as number) || channels));
    const each = Math.min((params.channels as number) || channels, channels);
    const baseline = baselinesOf(params.baseline!, task)[0]!;
    // Row 0 of a sample is the baseline itself: a mask of zeros.
    const rows = repeatedRows(oracle.samples, each + 1, (n, k, into) => {
      baseline.write(n, into);
      if (k === 0) return;
      const from = tried[n]![k - 1]! * positions;
      const mask = scaled(stretched(layers[n]!.slice(from, from + positions), sizes, found.frame.sizes));
      const sample = sampleOf(x, n);
      for (let i = 0; i < into.length; i++) into[i]! += mask[positionOf(found.frame, i)]! * (sample[i]! - into[i]!);
    });
    const scores = layers.map(() => new Float64Array(each + 1));
    await oracle.scores(rows, (row, { score }) => {
      scores[rows.sample(row)]![row % (each + 1)] = score;
    });
    const maps = layers.map((values, n) => {
      const weights = new Float64Array(channels);
      const found = scores[n]!;
      const peak = found.subarray(1).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const made = found.map((s) => (params.weights === "softmax" ? Math.exp(s - peak) : s - found[0]!));
      const total = params.weights === "softmax" ? made.subarray(1).reduce((a, b) => a + b, 0) : 1;
      for (const [i, k] of tried[n]!.entries()) weights[k] = made[i + 1]! / total;
      return weighted(values, positions, (k) => weights[k]!);
    });
    return mapped(task, found, maps);
  },
};

/** Channels by falling mean size. */
export const mostActive = (values: Float64Array, positions: number, most: number): number[] => {
  const size = Float64Array.from({ length: values.length / positions }, (_, k) =>
    values.subarray(k * positions, (k + 1) * positions).reduce((sum, v) => sum + Math.abs(v), 0),
  );
  return Array.from(size.keys())
    .sort((a, b) => size[b]! - size[a]! || a - b)
    .slice(0, most);
};

/** To [0, 1]; a constant channel hides everything. */
const scaled = (map: Float64Array): Float64Array => {
  const low = map.reduce((a, b) => Math.min(a, b));
  const high = map.reduce((a, b) => Math.max(a, b));
  return map.map((v) => (high > low ? (v - low) / (high - low) : 0));
};

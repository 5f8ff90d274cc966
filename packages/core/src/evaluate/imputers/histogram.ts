/**
 * Colours of the sample itself: for every position one position of the untouched sample is drawn, uniformly and with replacement, and all
 * its channels are taken. That is an independent draw from the sample's joint colour histogram; where things are is lost, what colours
 * there are is kept. In a table, where a position has one value, it is a draw among the features.
 */
import { positionsOf } from "../../methods/features/layout.ts";
import { sampleOf } from "../../methods/method.ts";
import { layoutOfSample } from "./channels.ts";
import { type Imputer, snapshot } from "./imputer.ts";

export const histogram: Imputer = {
  card: {
    name: "histogram",
    form: "histogram",
    what: "all channels of a position drawn at random from the sample itself, anew for each position: a draw from its colour histogram",
    source: "a bootstrap of the sample's colours (Efron 1979), among the random fillings of region perturbation",
    random: true,
  },
  prepare: (_, sample) => {
    const row = sampleOf(sample.x, sample.n);
    const layout = layoutOfSample(sample);
    const { before, after } = layout;
    const positions = positionsOf(layout);
    const stream = sample.stream();
    const values = new Float32Array(row.length);
    for (let p = 0; p < positions; p++) {
      const from = stream.below(positions);
      for (let c = 0; c < before; c++)
        for (let d = 0; d < after; d++) values[(c * positions + p) * after + d] = row[(c * positions + from) * after + d]!;
    }
    return snapshot(values);
  },
};

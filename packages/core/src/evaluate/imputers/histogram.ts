/**
 * Colours of the sample itself: for every position one position of the untouched sample is drawn, uniformly and with replacement, and all
 * its channels are taken. That is an independent draw from the sample's joint colour histogram; where things are is lost, what colours
 * there are is kept. In a table, where a position has one value, it is a draw among the features.
 */
import { coloursBy } from "./colours.ts";
import type { Imputer } from "./imputer.ts";

export const histogram: Imputer = {
  card: {
    name: "histogram",
    form: "histogram",
    what: "all channels of a position drawn at random from the sample itself, anew for each position: a draw from its colour histogram; columns of a table that are a group are those of one row of the data",
    source: "a bootstrap of the sample's colours (Efron 1979), among the random fillings of region perturbation",
    random: true,
  },
  prepare: (_, sample) => coloursBy(sample, (stream, positions) => () => stream.below(positions)),
};

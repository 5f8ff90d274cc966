/** The mean of each channel of the untouched sample. */
import { sampleOf } from "../../tensor/float.ts";
import { channelMeans, channelsOf } from "./channels.ts";
import { type Imputer, snapshot } from "./imputer.ts";

export const mean: Imputer = {
  card: {
    name: "mean",
    form: "mean",
    what: "the mean of each channel of the sample (of a table: of its features)",
    source: "Samek et al. 2017",
  },
  prepare: (_, sample) => {
    const means = channelMeans(sample);
    const { of } = channelsOf(sample);
    return snapshot(sampleOf(sample.x, sample.n).map((_, i) => means[of(i)]!));
  },
};

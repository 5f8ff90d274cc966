/** Noise: an independent uniform number for every value. */
import { sampleOf } from "../../tensor/float.ts";
import { boundsOf } from "./bounds.ts";
import { type Imputer, snapshot } from "./imputer.ts";
import { drawnTogether } from "./together.ts";

export const uniform: Imputer = {
  card: {
    name: "uniform",
    form: "uniform or uniform:LO:HI",
    what: "an independent uniform number for every value (all channels), from LO to HI (default: the range the input's preprocessing gives, else each channel's own in the sample); columns of a table that are a group are those of one row of the data",
    source: "Samek et al. 2017",
    random: true,
  },
  prepare: (args, sample) => {
    const bounds = boundsOf("uniform", args, sample);
    const stream = sample.stream();
    const values = sampleOf(sample.x, sample.n).map((_, i) => {
      const [low, high] = bounds(i);
      return low + (high - low) * stream.next();
    });
    return snapshot(drawnTogether(values, sample, stream));
  },
};

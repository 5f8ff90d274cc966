/** Mirrored in the middle of the range: black turns white. */
import { sampleOf } from "../../tensor/float.ts";
import { boundsOf } from "./bounds.ts";
import { type Imputer, snapshot } from "./imputer.ts";

export const invert: Imputer = {
  card: {
    name: "invert",
    form: "invert or invert:LO:HI",
    what: "LO + HI − x (default: the range the input's preprocessing gives, else each channel's own in the sample)",
    source: "Bach et al. 2015, pixels of digits flipped",
  },
  prepare: (args, sample) => {
    const bounds = boundsOf("invert", args, sample);
    return snapshot(
      sampleOf(sample.x, sample.n).map((v, i) => {
        const [low, high] = bounds(i);
        return low + high - v;
      }),
    );
  },
};

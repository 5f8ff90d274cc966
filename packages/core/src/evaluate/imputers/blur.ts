/** The sample itself, blurred: low frequencies stay. */

import { fail } from "../../errors.ts";
import { blurred, gaussian } from "../../numeric/blur.ts";
import { maxOf } from "../../numeric/extremes.ts";
import { sampleOf } from "../../tensor/float.ts";
import { layoutOfSample, noNeighbours } from "./channels.ts";
import { type Imputer, snapshot } from "./imputer.ts";

export const blur: Imputer = {
  card: {
    name: "blur",
    form: "blur, blur:SIGMA or blur:SIGMA:RADIUS",
    what: "the sample under a Gaussian blur of SIGMA positions (a twentieth of the longer side), the border mirrored",
    source: "Fong and Vedaldi 2017",
  },
  prepare: ([first, second], sample) => {
    const { kind, before, sizes } = layoutOfSample(sample);
    if (kind !== "space") throw noNeighbours("blur");
    const sigma = first === undefined ? maxOf(sizes) / 20 : Number(first);
    const radius = second === undefined ? Math.ceil(3 * sigma) : Number(second);
    if (!(sigma > 0 && sigma <= 1e4) || !(Number.isInteger(radius) && radius >= 1 && radius <= 1e5))
      throw fail("BadRecipe", {
        what: `imputer 'blur:${[first, second].filter(Boolean).join(":")}'`,
        fix: "blur:SIGMA or blur:SIGMA:RADIUS, both above 0",
      });
    return snapshot(blurred(sampleOf(sample.x, sample.n), [before, ...sizes], gaussian(sigma, radius), "mirror"));
  },
};

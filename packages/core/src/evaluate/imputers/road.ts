/**
 * Noisy linear imputation (Rong et al. 2022, eq. 3): each removed pixel is the weighted mean of its eight neighbours, 1/6 for those beside
 * it and 1/12 for those across a corner, solved for all removed pixels at once; then normal noise is added to them. Neighbours outside
 * the picture drop out and the other weights share theirs. With nothing left, each channel's mean.
 */
import { fail } from "../../errors.ts";
import { sampleOf } from "../../tensor/float.ts";
import { fillHarmonic } from "./fill-harmonic.ts";
import type { Imputer } from "./imputer.ts";

const DEFAULT_NOISE = 0.01;

export const road: Imputer = {
  card: {
    name: "road",
    form: "road or road:NOISE",
    what: `each removed pixel the weighted mean of its eight neighbours, all solved at once, plus normal noise of standard deviation NOISE (${DEFAULT_NOISE}; 0: none), in the space the model sees`,
    source: "Rong et al. 2022, noisy linear imputation",
    random: true,
  },
  prepare: ([text], sample) => {
    const noise = text === undefined ? DEFAULT_NOISE : Number(text === "" ? Number.NaN : text);
    if (!(noise >= 0 && noise <= 1e6))
      throw fail("BadRecipe", { what: `imputer 'road:${text}'`, fix: "road or road:NOISE, of at least 0" });
    const solve = fillHarmonic("road", { edge: 1 / 6, corner: 1 / 12 }, sample);
    if (noise === 0) return { kind: "mask", fill: solve };
    // Drawn once: a pixel has the same noise whatever is removed with it.
    const stream = sample.stream();
    const drawn = sampleOf(sample.x, sample.n).map(() => noise * stream.normal());
    return {
      kind: "mask",
      fill: (into, removed) => {
        solve(into, removed);
        for (let i = 0; i < removed.length; i++) if (removed[i] === 1) into[i]! += drawn[i]!;
      },
    };
  },
};

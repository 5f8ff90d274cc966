/** Inpainting by diffusion: the removed part is where heat comes to rest when the rest is held (Laplace's equation, four neighbours). */
import { fillHarmonic } from "./fill-harmonic.ts";
import type { Imputer } from "./imputer.ts";

export const diffusion: Imputer = {
  card: {
    name: "diffusion",
    form: "diffusion",
    what: "the smooth surface through the pixels around: each removed pixel the mean of its four neighbours, all solved at once",
    source: "Laplace's equation, the linear case of inpainting by diffusion (Bertalmio et al. 2000)",
  },
  prepare: (_, sample) => ({ kind: "mask", fill: fillHarmonic("diffusion", { edge: 1, corner: 0 }, sample) }),
};

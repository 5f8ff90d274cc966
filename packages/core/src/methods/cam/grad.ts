/** Grad-CAM (Selvaraju et al. 2017, eqs. 1 and 2): Σₖ αₖ Aₖ with αₖ the mean over positions of ∂f/∂Aₖ. */
import { gradientCam, type LayerValues, weighted } from "./run.ts";

export const gradCamMap = ({ values, gradient, positions }: LayerValues): Float64Array =>
  weighted(values, positions, (k) => gradient.subarray(k * positions, (k + 1) * positions).reduce((a, b) => a + b) / positions);

export const gradCam = gradientCam(
  {
    name: "grad-cam",
    what: "a layer's channels added up, each weighted by its mean gradient",
    assumes: "a channel means the same wherever it is active: the mean of its gradient stands for all positions",
    conserves:
      "nothing; on nets that end in a global average pool and one dense layer, the logit without its bias (relu false, resize none)",
    source: "Selvaraju et al. 2017",
  },
  true,
  gradCamMap,
);

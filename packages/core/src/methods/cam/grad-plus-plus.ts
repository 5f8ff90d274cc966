/**
 * Grad-CAM++ (Chattopadhay et al. 2018, eqs. 5 and 19): channel weights wₖ = Σ_p α_kp relu(g_kp) with α = g² / (2 g² + (Σ_q A_kq) g³), the
 * closed form for a score that is the exponential of the logit (its factor exp f(x) > 0 only scales the map, and is left out).
 */
import { gradientCam, weighted } from "./run.ts";

export const gradCamPlusPlus = gradientCam(
  {
    name: "grad-cam++",
    what: "a layer's channels added up, weighted by their positive gradients so that small and repeated objects count alike",
    assumes: "higher derivatives of the score are powers of the first: the net after the layer is piecewise linear",
    conserves: "nothing",
    source: "Chattopadhay et al. 2018",
  },
  true,
  ({ values, gradient, positions }) =>
    weighted(values, positions, (k) => {
      let total = 0;
      for (let p = 0; p < positions; p++) total += values[k * positions + p]!;
      let weight = 0;
      for (let p = 0; p < positions; p++) {
        const g = gradient[k * positions + p]!;
        const under = 2 + total * g; // g² cancels
        if (g > 0 && under !== 0) weight += g / under;
      }
      return weight;
    }),
);

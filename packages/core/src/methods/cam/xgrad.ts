/** XGrad-CAM (Fu et al. 2020, eq. 8): αₖ = Σ_p A_kp g_kp / Σ_p A_kp, so that the map's sum is that of A ⊙ G. */
import { gradientCam, weighted } from "./run.ts";

export const xgradCam = gradientCam(
  {
    name: "xgrad-cam",
    what: "a layer's channels added up, each weighted by its gradient where it is active",
    assumes: "activations are not negative (a ReLU): the weights are averages",
    conserves: "the sum of values times gradients: on ReLU nets the logit without its biases (relu false, resize none)",
    source: "Fu et al. 2020",
  },
  true,
  ({ values, gradient, positions }) =>
    weighted(values, positions, (k) => {
      let [total, weight] = [0, 0];
      for (let i = k * positions; i < (k + 1) * positions; i++) {
        total += values[i]!;
        weight += values[i]! * gradient[i]!;
      }
      return total === 0 ? 0 : weight / total;
    }),
);

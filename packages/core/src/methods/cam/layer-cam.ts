/** LayerCAM (Jiang et al. 2021, eqs. 5 and 6): Σₖ relu(Gₖ) ⊙ Aₖ, a weight for each position: early layers serve, too. */
import { gradientCam } from "./run.ts";

export const layerCam = gradientCam(
  {
    name: "layer-cam",
    what: "a layer's values times their positive gradients, added up over channels",
    assumes: "evidence against the class may be left out",
    conserves: "nothing",
    source: "Jiang et al. 2021",
  },
  true,
  ({ values, gradient, positions }) => {
    const map = new Float64Array(positions);
    for (let i = 0; i < values.length; i++) map[i % positions]! += Math.max(gradient[i]!, 0) * values[i]!;
    return map;
  },
);

/** HiResCAM (Draelos and Carin 2020): Σₖ Gₖ ⊙ Aₖ, the gradient not averaged. */
import { gradientCam } from "./run.ts";

export const hiresCam = gradientCam(
  {
    name: "hirescam",
    what: "a layer's values times their gradients, added up over channels",
    assumes: "nothing for nets with one dense layer after the map: there it is what each position adds to the logit",
    conserves: "the logit without its bias, where one linear layer follows (relu false, resize none)",
    source: "Draelos, Carin 2020",
  },
  false,
  ({ values, gradient, positions }) => {
    const map = new Float64Array(positions);
    for (let i = 0; i < values.length; i++) map[i % positions]! += gradient[i]! * values[i]!;
    return map;
  },
);

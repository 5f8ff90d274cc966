/**
 * Activation maximization (Simonyan et al. 2014, eq. 1): an input the score is high for, by gradient ascent from noise,
 *
 *   x ← x + rate · ( ĝ − smooth · ∂V − ∂B ),   ĝ = ∇f at a jittered x over its root mean square,
 *
 * V = ½ Σ (differences of neighbours)² keeps it smooth, B = Σ bound/α · |x/bound|^α within bounds (Mahendran and Vedaldi 2015), a blur now and then takes
 * out what only the net sees (Yosinski et al. 2015), and jitter (Olah et al. 2017) keeps details from clinging to the grid of strides.
 */

import type { Method } from "../method.ts";

/** Steps between two blurs. */
const BLUR_EVERY = 4;

export const activationMaximization: Method = {
  card: {
    name: "activation-maximization",
    family: "synthesis",
    what: "what the model looks for: an input made to raise the score of a class, or of any value named as the output",
    assumes: "smooth inputs within bounds are ones the model means; the result is an input, not a map of the one given",
    conserves: "nothing",
    cost: "steps G",
    classDiscriminative: true,
    source: "Simonyan et al. 2014; Mahendran, Vedaldi 2015; Yosinski et al. 2015; Olah et al. 2017",
    parameters: {
      steps: { what: "gradient steps", default: 128, min: 1, max: 10_000, integer: true },
      rate: { what: "how far a step goes, in the input's units (root mean square)", default: 0.05, min: 0 },
      start: { what: "where it begins", default: "noise", choices: ["noise", "zero", "mean", "input"] },
      noise: { what: "standard deviation of the noise it begins with", default: 0.1, min: 0 },
      jitter: { what: "largest random shift in positions, at most an eighth of the input", default: 8, min: 0, integer: true },
      blur: { what: `σ of a Gaussian blur every ${BLUR_EVERY} steps, in positions; 0: none`, default: 0.5, min: 0 },
      smooth: { what: "weight of the differences between neighbours", default: 0.05, min: 0 },
      bound: { what: "size values are held to, in the input's units; 0: free", default: 2.5, min: 0 },
      alpha: { what: "how hard that bound is", default: 6, min: 2, max: 32 },
      frames: { what: "pictures of the way there", default: 8, min: 0, max: 1000, integer: true },
    },
  },
  // Asked for by name only: a page need not fetch it before.
  attribute: async (task) => (await import("./run.ts")).maximize(task, BLUR_EVERY),
};

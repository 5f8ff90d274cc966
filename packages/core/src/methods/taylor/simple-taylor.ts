/**
 * Simple Taylor decomposition (Bach et al. 2015, sec. 2.3; Montavon et al. 2017, sec. 3): f is expanded at a root point x̃, f(x̃) = 0, so
 * that what is left of f(x) is its first order (and the remainder):
 *
 *   R = ∇f(x̃) ⊙ (x − x̃)
 *
 * The root is sought on the line to a baseline, or to the nearest reference that the model gives to another class: the first change of
 * sign on it, by sections. Or down the gradient, by Newton steps x ← x − f ∇f/‖∇f‖². Where there is no root, the point with the
 * least |f| is taken, and the notices say so.
 */
import type { Method } from "../method.ts";
import { BASELINE } from "../reference/baseline.ts";

export const simpleTaylor: Method = {
  card: {
    name: "simple-taylor",
    family: "taylor",
    what: "the first-order Taylor expansion of the score at a near point where it vanishes",
    assumes: "such a point is near enough for the first order to hold, and looks like an input",
    conserves: "f(x), but for the remainder of the expansion; the details have f(root), distance, found",
    cost: "points × rounds F + 1 G; down the gradient: rounds G",
    classDiscriminative: true,
    joint: true,
    source: "Bach et al. 2015; Montavon et al. 2017",
    parameters: {
      root: {
        what: "where the root is sought: on the line to the baseline, to the nearest reference of another class, or down the gradient",
        default: "baseline",
        choices: ["baseline", "nearest", "gradient"],
      },
      baseline: { ...BASELINE },
      points: { what: "points on the line in a round", default: 16, min: 2, max: 10_000, integer: true },
      rounds: {
        what: "each round looks between two points of the one before; or steps down the gradient",
        default: 5,
        min: 1,
        max: 1000,
        integer: true,
      },
    },
  },
  // Asked for by name only: a page need not fetch it before.
  attribute: async (task) => (await import("./run.ts")).expandAtRoot(task),
};

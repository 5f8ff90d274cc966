/** Rules of nodes without weights: what an activation, a product or a shift does with relevance. */
import type { RuleCard } from "./rule.ts";

const rule = (name: string, what: string, source: string, parameters: RuleCard["parameters"] = {}): RuleCard => ({
  name,
  what,
  source,
  parameters,
});

/** R_in = R_out. */
export const pass = rule("pass", "relevance passes unchanged", "Bach et al. 2015");
/** R_in = Jᵀ R_out: nothing multiplied or divided. */
export const gradient = rule("gradient", "the vector-Jacobian product", "Baehrens et al. 2010, Simonyan et al. 2014");
/** At a ReLU or ReLU6: g⁺ where the derivative is 1. */
export const guided = rule("guided", "positive gradients through active ReLUs only", "Springenberg et al. 2015");
/** At a ReLU or ReLU6: g⁺. */
export const deconv = rule("deconv", "positive gradients through every ReLU", "Zeiler & Fergus 2014");
/** At a ReLU: σ(βx)·g. */
export const beta = rule("beta-smooth", "the derivative of a softplus in place of a ReLU's", "Dombrowski et al. 2019", {
  beta: { what: "sharpness of the softplus", default: 10, min: 0, exclusive: true },
});
/** At a ReLU with output a: g where a > 0 and a·g is at or above a percentile of the sample's layer. */
export const rectgrad = rule("rectgrad", "gradients through the strongest ReLUs of a layer only", "Kim et al. 2019", {
  percentile: { what: "share of the layer that is cut, in %", default: 98, min: 0 },
});
/** Half to each factor. */
export const uniform = rule("uniform", "half to each factor", "Achtibat et al. 2024, eq. 8");
/** A matrix product y = A·B gives half to each factor: R_A = A ⊙ ∂y/∂Aᵀ (R ⊘ stab(2y)). */
export const bilinear = rule("bilinear", "matrix product: ε rule in each operand, half to each", "Achtibat et al. 2024, eq. 13", {
  epsilon: { what: "ε", default: 1e-8, min: 0, exclusive: true },
});
/** All to the factor that is no gate; in a matrix product by the ε rule. */
export const signalTakesAll = rule(
  "signal-takes-all",
  "all to the signal, nothing to the gate",
  "Arras et al. 2017; Ali et al. 2022",
  {
    epsilon: { what: "ε of matrix products", default: 1e-8, min: 0, exclusive: true },
  },
);
/** R_in = 0: what the node computes is a constant of the explanation. */
export const detach = rule("detach", "nothing goes on: the node's result is held fixed", "Ali et al. 2022");
/** R_i = x_i (R_i − s_i Σ R): the Taylor expansion of a softmax. */
export const taylor = rule("taylor", "first-order Taylor expansion of a softmax", "Achtibat et al. 2024, eq. 7");
/** Of several values, all to the one that was the largest. */
export const winner = rule("winner", "all to the winner, the first one on ties", "Bach et al. 2015");
/** Values that move take their relevance along. */
export const follow = rule("follow", "relevance follows the values", "the adjoint of a selection of values");

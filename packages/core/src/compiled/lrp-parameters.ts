/** Parameters of all that is LRP. */
import type { MethodParameter } from "../cards/parameters.ts";
import type { Composite } from "../composites/index.ts";

export const BATCHNORM: MethodParameter = {
  what: "batch norms: merged into the layer before or after (merge: before), or passed through; layer: merged, and what stays is a layer with ε",
  default: "merge",
  choices: ["merge", "merge-previous", "merge-next", "pass", "layer"],
};
const PRODUCT: MethodParameter = {
  what: "a product of two values: half to each, all to the signal, or what fits (auto: to the signal where the other is a gate)",
  default: "auto",
  choices: ["auto", "uniform", "signal-takes-all"],
};
const ZERO_PARAMS: MethodParameter = { what: "bias leaves biases out of every denominator", default: "", choices: ["bias"] };
export const LRP = { batchnorm: BATCHNORM, product: PRODUCT, zero_params: ZERO_PARAMS } as const;

/** The ε of composites for transformers, which are above 0. */
export const epsilonsOf = ({ parameters }: Composite): Readonly<Record<string, MethodParameter>> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, p]) => [name, { what: `${p.what}, above 0`, default: p.default as number, min: 0 }]),
  );

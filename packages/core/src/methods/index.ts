/** The methods that ask the model more than once, one line each. Those of one compiled pass are in compiled/. */
import { attentionMethods } from "./attention/index.ts";
import { camMethods } from "./cam/index.ts";
import { expectedGradients } from "./gradient/expected-gradients.ts";
import { integratedGradients } from "./gradient/integrated-gradients.ts";
import { noiseTunnels } from "./gradient/noise-tunnel.ts";
import type { Method } from "./method.ts";
import { featureAblation } from "./perturbation/feature-ablation.ts";
import { kernelShap } from "./perturbation/kernel-shap.ts";
import { lime } from "./perturbation/lime.ts";
import { occlusion } from "./perturbation/occlusion.ts";
import { rise } from "./perturbation/rise.ts";
import { shapley } from "./perturbation/shapley.ts";
import { deepShap } from "./reference/deep-shap.ts";
import { uncertainty } from "./reference/uncertainty.ts";
import { activationMaximization } from "./synthesis/maximize.ts";
import { simpleTaylor } from "./taylor/simple-taylor.ts";

/** All methods of many passes by name; `defineMethod` adds to them. Compiled ones: `compiledMethods`. */
export const methods: Readonly<Record<string, Method>> = Object.fromEntries(
  [
    integratedGradients,
    expectedGradients,
    ...noiseTunnels,
    deepShap,
    simpleTaylor,
    occlusion,
    featureAblation,
    rise,
    lime,
    kernelShap,
    shapley,
    ...camMethods,
    ...attentionMethods,
    activationMaximization,
    uncertainty,
  ].map((method) => [method.card.name, method]),
);

export * from "../cards/method.ts";
export * from "./method.ts";

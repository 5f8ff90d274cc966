/** The methods that ask the model more than once, one line each. Those of one compiled pass are in plan/recipe.ts. */
import { attentionMethods } from "./attention-index.ts";
import { camMethods } from "./cam-index.ts";
import { deepShap } from "./deep-shap.ts";
import { expectedGradients } from "./expected-gradients.ts";
import { featureAblation } from "./feature-ablation.ts";
import { integratedGradients } from "./integrated-gradients.ts";
import { kernelShap } from "./kernel-shap.ts";
import { lime } from "./lime.ts";
import type { Method } from "./method.ts";
import { noiseTunnels } from "./noise-tunnel.ts";
import { occlusion } from "./occlusion.ts";
import { rise } from "./rise.ts";
import { shapley } from "./shapley.ts";
import { simpleTaylor } from "./simple-taylor.ts";
import { activationMaximization } from "./synthesis-maximize.ts";
import { uncertainty } from "./uncertainty-spread.ts";

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

export * from "./card.ts";
export * from "./method.ts";
export { randomBy } from "./random.ts";
export { ownRows } from "./rows.ts";

/** The named composites, one line each. */
import { fail } from "../errors.ts";
import { attnlrp, attnlrpGamma, cpLrp } from "./attention.ts";
import type { Composite } from "./composite.ts";
import { gammaBottleneckAttention, gammaBoxAttention, gammaDepthAttention } from "./convolutions-attention.ts";
import { deepTaylor } from "./deep-taylor.ts";
import { epsilonGammaBox } from "./epsilon-gamma-box.ts";
import { epsilonAlpha2Beta1, epsilonAlpha2Beta1Flat, epsilonPlus, epsilonPlusFlat } from "./epsilon-plus.ts";
import { gammaBottleneck } from "./gamma-bottleneck.ts";
import { gammaBox } from "./gamma-box.ts";
import { gammaDepth } from "./gamma-depth.ts";
import { epsilonOnly, excitationBackprop, gammaOnly, lrpZero, zplusOnly } from "./single-rule.ts";

/** All composites by name. */
export const composites: Readonly<Record<string, Composite>> = Object.fromEntries(
  [
    epsilonOnly,
    epsilonPlus,
    epsilonPlusFlat,
    epsilonAlpha2Beta1,
    epsilonAlpha2Beta1Flat,
    epsilonGammaBox,
    zplusOnly,
    gammaOnly,
    excitationBackprop,
    deepTaylor,
    lrpZero,
    gammaDepth,
    gammaBox,
    gammaBottleneck,
    gammaDepthAttention,
    gammaBoxAttention,
    gammaBottleneckAttention,
    attnlrp,
    attnlrpGamma,
    cpLrp,
  ].map((c) => [c.name, c]),
);

/** The composite of this name. Errors: BadRecipe, with the names that are known. */
export const compositeNamed = (name: string): Composite => {
  const found = Object.hasOwn(composites, name) ? composites[name] : undefined;
  if (found === undefined)
    throw fail("BadRecipe", { what: `unknown composite '${name}'`, fix: `known: auto, ${Object.keys(composites).join(", ")}` });
  return found;
};
export * from "./auto.ts";
export * from "./composite.ts";
export * from "./traits.ts";

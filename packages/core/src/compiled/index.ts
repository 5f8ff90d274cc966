/** The methods of one compiled pass, one line each. */
import { attnlrp } from "./attnlrp.ts";
import { betaSmooth } from "./beta-smooth.ts";
import type { CompiledMethod } from "./compiled.ts";
import { cpLrp } from "./cp-lrp.ts";
import { deconvnet } from "./deconvnet.ts";
import { deepTaylor } from "./deep-taylor.ts";
import { deeplift } from "./deeplift.ts";
import { excitationBackprop } from "./excitation-backprop.ts";
import { gradient } from "./gradient.ts";
import { gradientXInput } from "./gradient-x-input.ts";
import { guidedBackprop } from "./guided-backprop.ts";
import { lrp } from "./lrp.ts";
import { neuralised } from "./neuralised.ts";
import { rectgrad } from "./rectgrad.ts";
import { sensitivity } from "./sensitivity.ts";
import { treeShap } from "./tree-shap.ts";

const own = [
  lrp,
  excitationBackprop,
  attnlrp,
  cpLrp,
  deepTaylor,
  gradient,
  gradientXInput,
  sensitivity,
  guidedBackprop,
  deconvnet,
  betaSmooth,
  rectgrad,
  deeplift,
  treeShap,
  neuralised,
] as const;

/** Those that come with the compiler. */
export const METHODS: readonly Method[] = own.map(({ card }) => card.name);
export type Method = (typeof own)[number]["card"]["name"];

/** By name. */
export const compiledMethods: Readonly<Record<string, CompiledMethod>> = Object.fromEntries(
  own.map((method) => [method.card.name, method]),
);

/** What goes back through the graph by a resolved recipe. */
export const flowOf = ({ method }: { readonly method: string }): CompiledMethod["flow"] => compiledMethods[method]!.flow;

export type { ActivationRule, CompiledMethod } from "./compiled.ts";
export { ownParameters } from "./compiled.ts";
export type { TreeBaseline } from "./tree-shap.ts";

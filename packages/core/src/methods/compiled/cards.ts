/** Cards of the methods of one compiled pass (plan/recipe.ts), and the list of all methods. */

import type { MethodParameter } from "../../cards/parameters.ts";
import { attnlrp, cpLrp } from "../../composites/attention.ts";
import type { METHODS } from "../../plan/index.ts";
import type { Family, MethodCard } from "../card.ts";
import { methods } from "../index.ts";

type Compiled = (typeof METHODS)[number];

const BATCHNORM: MethodParameter = {
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
const LRP = { batchnorm: BATCHNORM, product: PRODUCT, zero_params: ZERO_PARAMS } as const;

/** The ε of composites for transformers, which are above 0. */
const epsilons = ({ parameters }: typeof attnlrp): Readonly<Record<string, MethodParameter>> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, p]) => [name, { what: `${p.what}, above 0`, default: p.default as number, min: 0 }]),
  );

const card =
  (family: Family) =>
  (
    name: Compiled,
    rest: Omit<MethodCard, "name" | "family" | "classDiscriminative"> & { readonly anyClass?: true },
  ): MethodCard => {
    const { anyClass = false, ...own } = rest;
    return { name, family, classDiscriminative: !anyClass, ...own };
  };
const gradient = card("gradient");
const relevance = card("relevance");
const reference = card("reference");

export const compiledCards: readonly MethodCard[] = [
  relevance("lrp", {
    what: "relevance handed back from layer to layer, each layer by the rule its composite names",
    assumes:
      "the composite fits the architecture, as auto sees to; z⁺ on all layers with seed one gives much the same map to every class",
    conserves: "the seed, less what the ledger names",
    cost: "1 pass of 2 to 3 F",
    source: "Bach et al. 2015; Montavon et al. 2019",
    parameters: LRP,
  }),
  relevance("excitation-backprop", {
    what: "positive contributions only, on every layer: where the winning neurons got their excitation",
    assumes: "activations are not negative; the seed contrastive makes the map one of its class",
    conserves: "the seed, less biases and dead ends",
    cost: "1 pass of about 3 F",
    source: "Zhang et al. 2016",
    parameters: LRP,
    anyClass: true,
  }),
  relevance("attnlrp", {
    what: "relevance through attention: matrix products half to each operand, softmax by its Taylor expansion",
    assumes: "a transformer",
    conserves: "the seed, less biases and the remainder of the softmax",
    cost: "1 pass of about 3 F",
    source: "Achtibat et al. 2024",
    parameters: { ...epsilons(attnlrp), batchnorm: BATCHNORM },
  }),
  relevance("cp-lrp", {
    what: "relevance through attention whose weights are held fixed",
    assumes: "a transformer, and that what is attended to matters, not why",
    conserves: "the seed, less biases",
    cost: "1 pass of about 3 F",
    source: "Ali et al. 2022",
    parameters: { ...epsilons(cpLrp), batchnorm: BATCHNORM },
  }),
  gradient("gradient", {
    slope: true,
    what: "how the score answers to a small change of each value",
    assumes: "the slope at the input says something of the way there; not so where the score is saturated",
    conserves: "nothing",
    cost: "1 G",
    source: "Baehrens et al. 2010; Simonyan et al. 2014",
    parameters: {},
  }),
  gradient("gradient-x-input", {
    what: "the gradient times the input",
    assumes: "zero means absence; the slope at the input holds on the way from zero",
    conserves: "f(x) where all layers are homogeneous (ReLU, no biases), else nothing",
    cost: "1 G",
    source: "Shrikumar et al. 2016",
    parameters: {},
  }),
  gradient("sensitivity", {
    what: "the squared gradient: how strongly the score answers to each value, whatever the sign",
    assumes: "the slope at the input says something of the score; it explains changes of the score, not the score",
    conserves: "the squared norm of the gradient",
    cost: "1 G",
    source: "Gevrey, Dimopoulos, Lek 2003; Simonyan et al. 2014",
    parameters: {},
  }),
  gradient("guided-backprop", {
    slope: true,
    what: "the gradient, of which ReLUs let through what is positive, where they are on",
    assumes: "the activations are ReLUs or ReLU6; the map shows edges that the network sees, hardly the class",
    conserves: "nothing",
    cost: "1 G",
    source: "Springenberg et al. 2015",
    parameters: {},
    anyClass: true,
  }),
  gradient("deconvnet", {
    slope: true,
    what: "the gradient, of which ReLUs let through what is positive, on or off",
    assumes: "the activations are ReLUs or ReLU6; the map shows edges that the network sees, hardly the class",
    conserves: "nothing",
    cost: "1 G",
    source: "Zeiler, Fergus 2014",
    parameters: {},
    anyClass: true,
  }),
  gradient("beta-smooth", {
    slope: true,
    what: "the gradient with ReLUs bent into softplus: less of the noise of sharp kinks",
    assumes: "the activations are ReLUs",
    conserves: "nothing",
    cost: "1 G",
    source: "Dombrowski et al. 2019",
    parameters: { beta: { what: "sharpness of the softplus, above 0; a ReLU in the limit", default: 10, min: 0 } },
  }),
  gradient("rectgrad", {
    what: "the gradient through the strongest ReLUs of each layer only, those whose output times gradient is large",
    assumes: "the activations are ReLUs; at 0 it is the gradient",
    conserves: "nothing",
    cost: "1 G and a sort of each layer",
    source: "Kim et al. 2019",
    parameters: {
      percentile: { what: "share of each layer that is cut, in %", default: 98, min: 0, max: 100 },
      multiply: { what: "what the map is multiplied by", default: "input", choices: ["input", "none"] },
    },
  }),
  reference("deeplift", {
    what: "the difference from a reference, handed back through the differences of all activations",
    assumes:
      "the reference (baseline) is what an input without the evidence is; on attention its maps are at the level of random ones",
    conserves:
      "f(x) − f(baseline), all inputs at their baseline; one of several explained inputs shows its share of that, not f(x) − f(x with that input replaced)",
    cost: "1 G and a forward pass of the baseline",
    source: "Shrikumar et al. 2017",
    parameters: {
      baseline: {
        what: "the reference: one number for every value, or a list of one for each column; input: fed to the compiled model",
        default: 0,
      },
      rule: {
        what: "positive and negative differences together (rescale) or apart",
        default: "rescale",
        choices: ["rescale", "reveal-cancel"],
      },
    },
  }),
];

/** All methods, those of one compiled pass first. */
export const methodCards: readonly MethodCard[] = [...compiledCards, ...Object.values(methods).map((method) => method.card)];

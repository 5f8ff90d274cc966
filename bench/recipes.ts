/** The recipes that are timed, and what they may cost: time of the artefact over time of the bare forward run, batch 1, 224². */
import type { CompileOptions, Recipe } from "@backlit/core";
import { hasAttention, type NetworkName } from "./networks.ts";

type Limits = Partial<Record<NetworkName, number>>;
export interface Timed {
  readonly recipe: Recipe;
  readonly options?: Pick<CompileOptions, "asked" | "box">;
  /** What it is for; both unless said. */
  readonly suits?: "convolutions" | "attention";
  readonly budget: Limits;
}

const composite = (name: string, params?: Readonly<Record<string, unknown>>): Recipe => ({
  composite: { name, ...(params && { params }) },
});

/** Forward, denominators with positive weights, adjoint: three convolutions a layer. */
const ZPLUS: Limits = { vgg16: 2.9, resnet50: 2.8, googlenet: 3.4, squeezenet: 3.4, densenet121: 3.4 };

const convolutions = (name: string, params?: Readonly<Record<string, unknown>>, budget: Limits = {}): Timed => ({
  recipe: composite(name, params),
  suits: "convolutions",
  budget,
});

/** As of pixels that were scaled by their mean and deviation. */
const BOX = { low: [-2, -2, -2], high: [2, 2, 2] };

export const recipes: Record<string, Timed> = {
  auto: {
    recipe: {},
    options: { asked: true, box: BOX },
    budget: { "mobilenet-v2": 4, "efficientnet-b0": 3.6, "efficientnet-lite0": 3.6 },
  },
  gradient: {
    recipe: { method: "gradient" },
    budget: { vgg16: 2.1, resnet50: 2.2, "mobilenet-v2": 2.2, "efficientnet-lite0": 2.2 },
  },
  epsilon: {
    recipe: composite("epsilon"),
    budget: { vgg16: 2.1, resnet50: 2.3, "mobilenet-v2": 2.8, "efficientnet-lite0": 2.8 },
  },
  "epsilon-plus": convolutions("epsilon-plus", undefined, ZPLUS),
  "epsilon-plus-flat": convolutions("epsilon-plus-flat", undefined, ZPLUS),
  "epsilon-alpha2-beta1-flat": convolutions("epsilon-alpha2-beta1-flat"),
  "epsilon-gamma-box": convolutions("epsilon-gamma-box", { low: -2, high: 2 }),
  "gamma-depth": convolutions("gamma-depth", undefined, ZPLUS),
  "gamma-box": convolutions("gamma-box", { low: -2, high: 2 }),
  "attnlrp-gamma": { recipe: composite("attnlrp-gamma"), suits: "attention", budget: {} },
  "attnlrp-gamma, pictures": { recipe: composite("attnlrp-gamma", { dense: 0 }), suits: "attention", budget: {} },
  attnlrp: {
    recipe: { method: "attnlrp" },
    suits: "attention",
    budget: { vit: 3, "vit-decomposed": 3, "swin-t": 3, bert: 3, decoder: 2.6 },
  },
};

/** A recipe of a file, by its path; no network takes it unless asked. */
export const readRecipe = (path: string, text: string): void => {
  recipes[path] = { recipe: JSON.parse(text) as Recipe, budget: {} };
};

/** The recipes that make sense for a network, by name. */
export const recipesFor = (network: NetworkName): readonly string[] =>
  Object.keys(recipes).filter((name) => suits(recipes[name]!, network));

/** The recipe that memory, further targets, the ledger and larger batches are measured with. */
export const usualFor = (network: NetworkName): string => (hasAttention(network) ? "attnlrp" : "epsilon-plus-flat");

const suits = ({ suits }: Timed, network: NetworkName) => suits === undefined || suits === kindOf(network);
const kindOf = (network: NetworkName) => (hasAttention(network) ? "attention" : "convolutions");

/** In forward runs, unless something else is named. */
export const BUDGET = {
  furtherTarget: 1.3,
  ledger: 0.5,
  /** Times the blur's. */
  imputer: 3,
  peakMemory: 2,
  compileMs: 150,
  compileMemoryMB: 20,
} as const;

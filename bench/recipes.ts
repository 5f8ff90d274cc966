/** The recipes that are timed, and what they may cost: time of the artefact over time of the bare forward run, batch 1, 224². */
import type { Recipe } from "@backlit/core";
import type { NetworkName } from "./networks.ts";

type Limits = Partial<Record<NetworkName, number>>;
export interface Timed {
  readonly recipe: Recipe;
  readonly budget: Limits;
}

const composite = (name: string, params?: Readonly<Record<string, unknown>>): Recipe => ({
  composite: { name, ...(params && { params }) },
});

/** Forward, denominators with positive weights, adjoint: three convolutions a layer. */
const ZPLUS: Limits = { vgg16: 2.9, resnet50: 2.8 };

export const recipes: Readonly<Record<string, Timed>> = {
  gradient: { recipe: { method: "gradient" }, budget: { vgg16: 2.1, resnet50: 2.2 } },
  epsilon: { recipe: composite("epsilon"), budget: { vgg16: 2.1, resnet50: 2.3 } },
  "epsilon-plus": { recipe: composite("epsilon-plus"), budget: ZPLUS },
  "epsilon-plus-flat": { recipe: composite("epsilon-plus-flat"), budget: ZPLUS },
  "epsilon-alpha2-beta1-flat": { recipe: composite("epsilon-alpha2-beta1-flat"), budget: {} },
  "epsilon-gamma-box": { recipe: composite("epsilon-gamma-box", { low: -2, high: 2 }), budget: {} },
  "gamma-depth": { recipe: composite("gamma-depth"), budget: ZPLUS },
};

/** In forward runs, unless a unit is named. */
export const BUDGET = {
  furtherTarget: 1.3,
  ledger: 0.5,
  peakMemory: 2,
  compileMs: 150,
  compileMemoryMB: 20,
} as const;

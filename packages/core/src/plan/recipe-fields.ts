/** Fields that a recipe has, and those that may lie beside them. */

import type { Names } from "../cards/names.ts";
import type { RuleEntry } from "../composites/index.ts";

/** The fields of a recipe; others are refused. */
export const RECIPE: Names<Recipe> = {
  recipe: true,
  method: true,
  composite: true,
  rules: true,
  activation: true,
  stabilizer: true,
  seed: true,
  start: true,
  score: true,
  ties: true,
  explain: true,
  output: true,
  params: true,
  onUnsupported: true,
};

/** Fields of conformance cases and notes: ignored without a word. */
const SILENT = new Set([
  "id",
  "file",
  "noise",
  "tolerance",
  "targets",
  "target",
  "input",
  "tensor",
  "seed_file",
  "exact",
  "what",
  "hash",
]);

export const isField = (key: string): boolean => Object.hasOwn(RECIPE, key);

/** What is said of fields that a recipe file has and no recipe knows. */
export const ignoredNotices = (unknown: readonly string[]): readonly string[] => {
  const told = unknown.filter((key) => !SILENT.has(key));
  return told.length > 0 ? [`ignored in the recipe: ${told.join(", ")}`] : [];
};

/** Names of seeds: what relevance is at the logits. Their formulas: docs/formulas.md. */
export const SEEDS = ["one", "logit", "log-odds", "half-log-odds", "contrastive", "vector", "direction"] as const;

/**
 * `vector`: relevance of the output, fed. `direction`: v = ∂score/∂z, fed, shaped like the logits; it enters as the start says.
 * `{ contrast }`: contrastive against one class (index or label) instead of the mean of the others.
 */
export type Seed = (typeof SEEDS)[number] | { readonly contrast: number | string };

/**
 * How the seed's direction v enters: `plain` R = v; `product` R = v ⊙ z, then the head's rule with its stabiliser; `direct`: the head,
 * which must have ε, takes v: x ⊙ Wᵀv.
 */
export const STARTS = ["plain", "product", "direct"] as const;

/** `fitting`: plain or product, by the first rule that divides; the plan says which. */
export type Start = (typeof STARTS)[number] | "fitting";

/** As written: everything may be left out. */
export interface Recipe {
  /** A recipe file, or an object that means what such a file means: what is left out has the defaults of files. */
  readonly recipe?: 1;
  readonly method?: string;
  readonly composite?: string | { readonly name: string; readonly params?: Readonly<Record<string, unknown>> };
  readonly rules?: readonly RuleEntry[];
  /** What activations do, and the ε of every rule that names none; a composite says both. */
  readonly activation?: "pass" | "gradient";
  readonly stabilizer?: number;
  readonly seed?: Seed;
  /** Absent: plain for seed one, product for every other one. */
  readonly start?: Start;
  readonly score?: "logit" | "probability";
  readonly ties?: "first";
  readonly explain?: string | readonly string[];
  readonly output?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly onUnsupported?: "error" | "detach";
}

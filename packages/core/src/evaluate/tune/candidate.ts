/** One recipe of the search: where it began, and what was chosen for which group of layers. */
import type { Planned } from "../../compile/index.ts";
import type { RuleEntry } from "../../composites/index.ts";
import { isBacklitError } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import { canonicalJson, type Recipe, type ResolvedRecipe } from "../../plan/index.ts";
import type { Choice, Dimension } from "./choices.ts";

export interface Candidate {
  readonly name: string;
  readonly recipe: ResolvedRecipe;
  /** By dimension; those not in here are as the start has them. */
  readonly chosen: Readonly<Record<string, Choice>>;
  /** What it began from. */
  readonly start: { readonly name: string; readonly recipe: ResolvedRecipe };
  /** The same for recipes that give every node the same rule: their heatmaps are one. */
  readonly same: string;
}

/** Fields that every recipe of a search shares. */
export type Shared = Pick<Recipe, "explain" | "output" | "score" | "seed" | "params" | "onUnsupported">;

/** A recipe as a start; undefined where it does not fit the model. Errors other than of the recipe are thrown. */
export const startOf = (lit: Explainer, name: string, recipe: Recipe): Candidate | undefined => {
  const planned = plannedBy(lit, recipe);
  if (planned === undefined) return undefined;
  const resolved = planned.plan.recipe;
  return { name, recipe: resolved, chosen: {}, start: { name, recipe: resolved }, same: sameness(planned) };
};

/** The candidate with one choice changed; undefined where it does not fit the model. A rule stands before those of the start: the first match wins. */
export const withChoice = (
  lit: Explainer,
  { start, chosen: before }: Candidate,
  dimensions: readonly Dimension[],
  dimension: Dimension,
  choice: Choice,
): Candidate | undefined => {
  const chosen = { ...before, [dimension.name]: choice };
  const own = dimensions.flatMap(({ name }): readonly RuleEntry[] => chosen[name]?.rules ?? []);
  const seed = dimensions.map(({ name }) => chosen[name]?.seed).find((one) => one !== undefined);
  const { composite: _, ...rest } = start.recipe;
  // What the seed enters by stands first: the head keeps ε.
  const entry = rest.rules.filter(({ match }) => match.head);
  const others = rest.rules.filter(({ match }) => !match.head);
  const recipe = { ...rest, rules: [...entry, ...own, ...others], ...(seed !== undefined && { seed }) };
  const planned = plannedBy(lit, recipe);
  return (
    planned && { name: `${dimension.name}: ${choice.name}`, recipe: planned.plan.recipe, chosen, start, same: sameness(planned) }
  );
};

/** The recipe without the rules that no node takes. */
export const tidied = (lit: Explainer, { recipe, same }: Candidate): ResolvedRecipe => {
  const { composite, ...rest } = recipe;
  if (composite !== undefined) return recipe;
  let { rules } = rest;
  for (let i = rules.length - 1; i >= 0; i--) {
    const fewer = rules.filter((_, k) => k !== i);
    const planned = plannedBy(lit, { ...rest, rules: fewer });
    if (planned !== undefined && sameness(planned) === same) rules = fewer;
  }
  return { ...rest, rules };
};

const plannedBy = (lit: Explainer, recipe: Recipe): Planned | undefined => {
  try {
    return lit.inspect(recipe);
  } catch (error) {
    if (isBacklitError(error, "BadRecipe")) return undefined;
    throw error;
  }
};

const sameness = ({ plan }: Planned): string =>
  canonicalJson({
    rules: plan.steps.map(({ rule }) => rule),
    seed: plan.recipe.seed,
    stabilizer: plan.recipe.stabilizer,
    score: plan.recipe.score,
    params: plan.recipe.params,
  });

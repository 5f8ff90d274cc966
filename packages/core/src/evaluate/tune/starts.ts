/** What a search begins with, and is compared to: the default, and the composites that fit the model. */
import { flowOf } from "../../compiled/index.ts";
import { composites } from "../../composites/index.ts";
import { fail } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import type { ExplainOptions } from "../../explain/types.ts";
import { type Recipe, traitsOf } from "../../plan/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { MethodChoice } from "../run/task.ts";
import { type Candidate, type Shared, startOf } from "./candidate.ts";

export const DEFAULT = "auto";

/** Made for attention; on other models they are ε and γ under further names. */
const FOR_ATTENTION = [
  "attnlrp",
  "attnlrp-gamma",
  "cp-lrp",
  "gamma-box-attention",
  "gamma-depth-attention",
  "gamma-bottleneck-attention",
];

/** The default first, then the named composites; of those that give every node the same rule the first stays. */
export const standardStarts = (lit: Explainer, shared: Shared): readonly Candidate[] => {
  const { attention } = traitsOf(lit.traced);
  const names = Object.keys(composites).filter((name) => attention || !FOR_ATTENTION.includes(name));
  const asked = (name: string) => ({ name, params: composites[name]?.asked ?? {} });
  return distinct([DEFAULT, ...names].flatMap((name) => startOf(lit, name, { ...shared, composite: asked(name) }) ?? []));
};

/** Starts somebody chose: composites by name, or recipes. Errors: BadRecipe (one that does not fit the model). */
export const chosenStarts = (
  lit: Explainer,
  shared: Shared,
  starts: readonly { readonly name: string; readonly recipe: Recipe }[],
): readonly Candidate[] =>
  distinct(
    starts.map(({ name, recipe }) => {
      const asked = { ...shared, ...recipe, ...(shared.seed && { seed: shared.seed }) };
      const made = startOf(lit, name, asked);
      if (made !== undefined && flowOf(made.recipe) === "relevance") return made;
      if (made !== undefined)
        throw fail("BadRecipe", {
          what: `'${name}' as a start`,
          why: `its method is ${made.recipe.method}`,
          fix: "give rules of lrp",
        });
      lit.inspect(asked); // throws, and says why
      throw fail("BadRecipe", { what: `'${name}' does not fit the model` });
    }),
  );

/** What `auto` takes where that is no relevance: the difference from references or a usual row. The search begins with its rules all the same. */
export const usualMethod = (
  lit: Explainer,
  asked: Omit<Shared, "seed"> & Pick<ExplainOptions, "target">,
  references: FloatTensor | undefined,
): MethodChoice | undefined => {
  const { choices, reference } = lit.automatic({ ...asked, ...(references && { references }) });
  const { references: _, target: __, ...options } = choices as Partial<ExplainOptions>;
  return reference === undefined ? undefined : { name: DEFAULT, options };
};

export const distinct = (candidates: readonly Candidate[]): readonly Candidate[] => {
  const seen = new Set<string>();
  return candidates.filter(({ same }) => !seen.has(same) && seen.add(same));
};

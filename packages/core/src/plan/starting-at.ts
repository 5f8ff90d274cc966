/** Where relevance starts: decided when the rules are. */
import { fail } from "../errors.ts";
import { nodeLabel } from "../graph/graph.ts";
import { rules } from "../rules/index.ts";
import type { Path } from "./path.ts";
import type { ResolvedRecipe } from "./recipe.ts";
import type { Step } from "./step.ts";

/** Rules whose denominator is of a fixed sign: relevance starts as v, not as v ⊙ z. */
const SIGNED = new Set(["zplus", "alpha-beta", "wsquare", "flat", "zbox"]);

/** The recipe with its start decided. Errors: BadRecipe, where the head has another rule than the seed can enter by. */
export const startingAt = (recipe: ResolvedRecipe, steps: readonly Step[], { reading }: Path): ResolvedRecipe => {
  if (recipe.start === "direct") {
    const other = steps.find(({ head, rule }) => head && rule.name !== "epsilon");
    if (other !== undefined)
      throw fail("BadRecipe", {
        what: `start "direct" at a head with rule '${other.rule.name}'`,
        where: `node '${nodeLabel(other.node)}'`,
        why: "only ε takes the seed as it is",
        fix: 'give {"match": {"head": true}, "rule": {"name": "epsilon"}} first, or start "product"',
      });
    return recipe;
  }
  if (recipe.start !== "fitting") return recipe;
  const { start: _, ...plain } = recipe;
  const first = steps.findLast(({ rule }) => rules[rule.name]?.groups !== undefined);
  if (first === undefined || !SIGNED.has(first.rule.name)) return plain;
  // For one logit the class has a sign, a direction is what it is; elsewhere e_t is seed one.
  return reading.twoClasses || plain.seed === "direction" ? { ...plain, start: "plain" } : { ...plain, seed: "one" };
};

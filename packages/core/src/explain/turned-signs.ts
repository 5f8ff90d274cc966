/** Seed one is R = 1 whatever the logit: with a rule that divides by the output a negative logit turns the map's signs. */
import { flowOf } from "../compiled/index.ts";
import type { Plan } from "../plan/index.ts";
import { rules } from "../rules/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { explainedValues } from "./explained-values.ts";

const FOLLOWS_SIGN = new Set(["epsilon", "gamma", "norm"]);

/** Whether the start values are needed to say so. */
export const mayTurn = ({ recipe, steps, batchAxis }: Plan): boolean => {
  if (flowOf(recipe) !== "relevance" || recipe.seed !== "one" || recipe.start !== undefined || batchAxis !== 0) return false;
  const first = steps.findLast(({ rule }) => rules[rule.name]?.groups !== undefined);
  return first !== undefined && FOLLOWS_SIGN.has(first.rule.name);
};

/** `targets`: the classes of each sample, one or several. A notice where a logit is negative. */
export const turnedSigns = (
  plan: Plan,
  logits: Tensor | undefined,
  targets: readonly (readonly number[])[],
): readonly string[] => {
  if (logits === undefined || !mayTurn(plan) || plan.reading.twoClasses) return [];
  const negative = explainedValues(logits, targets).some((value) => value < 0);
  return negative
    ? [
        "seed one starts from +1 although the logit is negative: positive relevance speaks against the class (seed logit turns it)",
      ]
    : [];
};

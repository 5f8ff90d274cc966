/** Seed one is R = 1 whatever the logit: with a rule that divides by the output a negative logit turns the map's signs. */
import { flatIndex } from "../methods/score.ts";
import type { Plan } from "../plan/index.ts";
import { rules } from "../rules/index.ts";
import type { Tensor } from "../runtime/runtime.ts";

const FOLLOWS_SIGN = new Set(["epsilon", "gamma", "norm"]);

/** Whether the start values are needed to say so. */
export const mayTurn = ({ recipe, steps, batchAxis }: Plan): boolean => {
  if (recipe.method !== "lrp" || recipe.seed !== "one" || recipe.start !== undefined || batchAxis !== 0) return false;
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
  const [samples = 1, ...sizes] = logits.dims;
  const values = logits.data as Float32Array;
  const width = values.length / samples;
  const axes = Math.max(1, sizes.filter((n) => n !== 1).length);
  const negative = targets.some((row, n) =>
    Array.from({ length: row.length / axes }, (_, k) => row.slice(k * axes, (k + 1) * axes)).some(
      (index) => values[n * width + flatIndex(index, sizes)]! < 0,
    ),
  );
  return negative
    ? [
        "seed one starts from +1 although the logit is negative: positive relevance speaks against the class (seed logit turns it)",
      ]
    : [];
};

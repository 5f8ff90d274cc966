/** What a rule as a recipe writes it may say. */
import { describe, expect, test } from "vitest";
import { checkRule, type RuleSpec } from "./index.ts";

describe("what is refused", () => {
  test.each<[string, RuleSpec, RegExp]>([
    ["a rule that is none", { name: "gama" }, /unknown rule 'gama'.*known rules: epsilon, /],
    ["a parameter it does not have", { name: "gamma", epsilon: 1 }, /no parameter 'epsilon' \(it has gamma\)/],
    ["a list where one number is meant", { name: "gamma", gamma: [0.1, 0.2] }, /gamma takes one number/],
    ["no number", { name: "gamma", gamma: "0.1" }, /gamma must be a number/],
    ["a number that is not finite", { name: "gamma", gamma: Number.NaN }, /gamma must be a number/],
    ["an empty list", { name: "zbox", low: [], high: 1 }, /low must be a number/],
    ["a list with something else in it", { name: "zbox", low: [0, "1"], high: 2 }, /low must be a number/],
    ["too small a number", { name: "gamma", gamma: -0.1 }, /at least 0/],
    ["an ε of 0", { name: "epsilon", epsilon: 0 }, /above 0/],
    ["α and β that do not fit", { name: "alpha-beta", alpha: 2, beta: 2 }, /α − β must be 1/],
    ["other words for biases", { name: "epsilon", zero_params: "weight" as never }, /zero_params may only be "bias"/],
    ["a box turned round", { name: "zbox", low: 1, high: 0 }, /low lies above high/],
    ["one turned round in its second channel", { name: "zbox", low: [0, 0], high: [1, -1] }, /low lies above high/],
    ["one bound for all, the other by channel", { name: "zbox", low: [0, 2], high: 1 }, /low lies above high/],
    ["and the other way round", { name: "zbox", low: 0, high: [1, -1] }, /low lies above high/],
    ["bounds of different numbers of channels", { name: "zbox", low: [0, 0, 0], high: [1, 1] }, /low has 3 values, high has 2/],
  ])("%s", (_, rule, message) => {
    expect(() => checkRule(rule)).toThrow(message);
  });
});

describe("what is taken", () => {
  test.each<[RuleSpec, RuleSpec]>([
    [{ name: "gamma" }, { name: "gamma", gamma: 0.25 }],
    [
      { name: "gamma", gamma: 0 },
      { name: "gamma", gamma: 0 },
    ],
    [
      { name: "epsilon", zero_params: "bias" },
      { name: "epsilon", epsilon: 1e-6, zero_params: "bias" },
    ],
    [
      { name: "zbox", low: [0, -1], high: 1 },
      { name: "zbox", low: [0, -1], high: 1 },
    ],
    [
      { name: "zbox", low: [0, 2], high: [1, 2] },
      { name: "zbox", low: [0, 2], high: [1, 2] },
    ],
    [{ name: "alpha-beta" }, { name: "alpha-beta", alpha: 2, beta: 1 }],
  ])("%j", (rule, checked) => {
    expect(checkRule(rule)).toEqual(checked);
  });
});

import { describe, expect, test } from "vitest";
import { resolve } from "../plan/recipe.ts";
import { automatic, type KnownTraits } from "./auto.ts";

const none: KnownTraits = {
  ops: new Set(),
  attention: false,
  attentionShare: 0,
  convolutions: new Set(),
  depthwise: false,
  layerNorm: false,
  recurrent: false,
};
const over = (...axes: number[]) => ({ convolutions: new Set(axes) });
const attention = (attentionShare: number) => ({ attention: true, attentionShare });

describe("the first line that fits", () => {
  test.each<[string, Partial<KnownTraits>, string, string]>([
    ["BERT", { ...attention(1), layerNorm: true, input: "tokens" }, "attnlrp-gamma", "log-odds"],
    ["a ViT", { ...attention(1), ...over(2), layerNorm: true, input: "picture" }, "attnlrp-gamma", "half-log-odds"],
    ["wav2vec", { ...attention(0.9), ...over(1), layerNorm: true, input: "series" }, "attnlrp-gamma", "logit"],
    ["a table's transformer", { ...attention(0.5), input: "table" }, "attnlrp-gamma", "logit"],
    [
      "MaxViT",
      { ...attention(0.4), ...over(2), depthwise: true, layerNorm: true, input: "picture" },
      "gamma-box-attention",
      "half-log-odds",
    ],
    ["global context", { ...attention(0.1), ...over(2), input: "picture" }, "gamma-box-attention", "half-log-odds"],
    [
      "the same, depthwise",
      { ...attention(0.1), ...over(2), depthwise: true, input: "picture" },
      "gamma-bottleneck-attention",
      "log-odds",
    ],
    [
      "a Conformer",
      { ...attention(0.4), ...over(1), depthwise: true, layerNorm: true, input: "series" },
      "gamma-depth-attention",
      "log-odds",
    ],
    ["an LSTM", { recurrent: true, input: "series" }, "gamma", "logit"],
    ["an LSTM with attention behind it", { ...attention(0.3), recurrent: true, input: "series" }, "gamma", "logit"],
    ["a convolutional LSTM", { ...over(1), recurrent: true, input: "series" }, "gamma-depth", "log-odds"],
    ["a CNN along time", { ...over(1), input: "series" }, "gamma-depth", "log-odds"],
    ["MobileNet", { ...over(2), depthwise: true, input: "picture" }, "gamma-bottleneck", "log-odds"],
    ["ConvNeXt", { ...over(2), depthwise: true, layerNorm: true, input: "picture" }, "gamma-box", "half-log-odds"],
    ["ResNet", { ...over(2), input: "picture" }, "gamma-box", "half-log-odds"],
    ["volumes", { ...over(3), input: "picture" }, "gamma-box", "half-log-odds"],
    ["several kinds together", { ...over(1, 2), input: "picture" }, "gamma-box", "half-log-odds"],
    ["dense layers on pictures", { input: "picture" }, "gamma", "half-log-odds"],
    ["dense layers on tables", { input: "table" }, "epsilon", "logit"],
    ["naive Bayes", { likelihoods: true, input: "table" }, "epsilon", "log-odds"],
    ["dense layers with some attention", { ...attention(0.2), input: "table" }, "epsilon", "logit"],
  ])("%s", (_, traits, composite, seed) => {
    expect(automatic({ ...none, ...traits })).toMatchObject({ composite, seed });
  });
  test("what is known of few traits is enough", () => {
    expect(automatic({ ops: new Set(["Conv"]), attention: false })).toMatchObject({ composite: "gamma-box" });
    expect(automatic({ ops: new Set(["MatMul"]), attention: true })).toMatchObject({ composite: "attnlrp-gamma" });
    expect(automatic({ ops: new Set(["Gemm"]), attention: false })).toMatchObject({ composite: "epsilon" });
  });
});

describe("the recipe", () => {
  const picture = { ...none, input: "picture" as const };
  test("has the head first, the seed as it is, batch norms as layers", () => {
    for (const traits of [picture, { ...picture, ...over(2) }, { ...picture, ...attention(1) }, { ...none, recurrent: true }]) {
      const { recipe } = resolve({}, traits);
      expect(recipe.rules[0]).toMatchObject({ match: { head: true }, rule: { name: "epsilon" } });
      expect(recipe).toMatchObject({ start: "direct", params: { batchnorm: "layer" } });
    }
  });
  test("takes the line's parameters, and what somebody gives instead", () => {
    const { recipe, notices } = resolve({}, picture);
    expect(recipe.rules[1]!.rule).toEqual({ name: "gamma", gamma: 0.05 });
    expect(notices.join()).toContain(
      "auto took gamma:gamma=0.05 with seed half-log-odds: the model has dense layers only, and explains",
    );
    expect(resolve({ params: { gamma: 0.5 } }, picture).recipe.rules[1]!.rule).toEqual({ name: "gamma", gamma: 0.5 });
    const named = { composite: { name: "auto", params: { gamma: 1 } }, seed: "logit" } as const;
    expect(resolve(named, picture).recipe).toMatchObject({ seed: "logit", rules: [{}, { rule: { name: "gamma", gamma: 1 } }] });
  });
});

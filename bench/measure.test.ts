import { describe, expect, test } from "vitest";
import { alternating, ratio, sideBySide, spread } from "./measure.ts";
import { resnet50 } from "./models/resnet50.ts";
import { vit } from "./models/vit.ts";
import { row, table, within } from "./report.ts";

describe("measure", () => {
  test("median of odd and even lists", () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spread([4, 1, 2, 3]).median).toBe(2.5);
  });

  test("ratios are taken round by round", () => {
    // A busy second round slows both halves and leaves its ratio alone.
    expect(ratio([10, 100, 10], [20, 200, 30])).toEqual({ median: 2, min: 2, max: 3, fastest: 2 });
  });

  test("every work has a turn a round, forwards and backwards", async () => {
    const order: string[] = [];
    const times = await sideBySide(
      ["a", "b"].map((name) => async () => order.push(name)),
      2,
    );
    expect(order.join("")).toBe("aaabbbbbbaaaaaabbbbbbaaa");
    expect(times.map((list) => list.length)).toEqual([2, 2]);
  });
});

test("alternating runs strictly in order", async () => {
  const order: string[] = [];
  await alternating(
    ["a", "b"].map((name) => async () => order.push(name)),
    1,
  );
  expect(order.join("")).toBe("ababab");
});

describe("report", () => {
  test("a row over its budget says so", () => {
    const slow = row("net", "epsilon", "×", { median: 2.5, min: 2.4, max: 3, fastest: 2.6 }, 2.3);
    expect(within(slow)).toBe(false);
    expect(table([slow]).split("\n")[1]).toMatch(/net +epsilon +2\.50 +× +2\.40 – 3\.00 +2\.60 +≤ 2\.3 +over/);
  });
});

describe("models", () => {
  const parameters = (model: ReturnType<typeof resnet50>) =>
    model.graph.initializer.reduce((sum, { rawData }) => sum + rawData!.length / 4, 0);

  test("ResNet-50 has the published number of parameters, with and without batch normalisation folded", () => {
    const channels = 26_560; // of all batch normalisations: scale and bias are parameters, mean and variance are not
    expect(parameters(resnet50({ batchnorm: true })) - 2 * channels).toBe(25_557_032);
    expect(parameters(resnet50())).toBe(25_557_032 - channels);
  });

  test("ViT-B/16 has the published number of parameters", () => {
    const constants = (model: ReturnType<typeof vit>) =>
      model.graph.initializer
        .filter(({ name }) => name.startsWith("constant"))
        .reduce((sum, t) => sum + t.rawData!.length / 4, 0);
    for (const model of [vit(), vit({ decomposed: true })]) expect(parameters(model) - constants(model)).toBe(86_567_656);
  });

  test("the same seed gives the same weights", () => {
    const [a, b] = [resnet50({ seed: 1 }), resnet50({ seed: 1 })].map((model) => model.graph.initializer[3]!.rawData!);
    expect(a).toEqual(b);
    expect(resnet50({ seed: 2 }).graph.initializer[3]!.rawData).not.toEqual(a);
  });
});

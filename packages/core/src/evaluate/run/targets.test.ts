/** What is judged is what is explained: a class, A minus B, a value by name. */
import { describe, expect, test } from "vitest";
import { loadText } from "../../../test/support/load.ts";
import { floats, noise } from "../../../test/support/run.ts";
import type { Explainer } from "../../explain/index.ts";
import { type EvaluationTask, evaluate } from "../index.ts";

const x = noise([6, 5], 7);
const held = "float[5,3] w = random(1), float[5,1] v = random(2), float[5,1] u = random(3)";
const classes = `net (float[N,5] x) => (float[N,3] logits) <${held}> { logits = MatMul(x, w) }`;
const values = `net (float[N,5] x) => (float[N,1] variable_a, float[N,1] variable_b) <${held}> { variable_a = MatMul(x, v) variable_b = MatMul(x, u) }`;

const judged = (lit: Explainer, more: Partial<EvaluationTask>) =>
  evaluate([lit], {
    ...{
      model: "net",
      randomDraws: 1,
      methods: ["gradient-x-input", "feature-ablation"].map((name) => ({ name, options: { method: name } })),
    },
    settings: [{ metric: "faithfulness-estimate", params: { unit: "feature", imputer: "zero", score: "logit" } }],
    data: { name: "noise", sha256: "", count: 6, chunk: 6, read: async () => ({ x, names: ["a", "b", "c", "d", "e", "f"] }) },
    ...more,
  });
/** On linear models a feature's part is what its removal costs, to the last digit: the correlation is 1. */
const right = ({ tables }: Awaited<ReturnType<typeof judged>>, method: number) =>
  tables[0]!.values[method]!.every((value) => value !== null && value > 0.99999);

test.each<[string | number, readonly number[], readonly number[] | undefined]>([
  [1, [1], undefined],
  ["index:2", [2], undefined],
  ["b", [1], undefined],
  ["a minus c", [0], [2]],
  ["2 minus 1", [2], [1]],
])("target %s", async (target, own, against) => {
  await using lit = await loadText(classes, { labels: ["a", "b", "c"] });
  const result = await judged(lit, { target });
  expect(result.samples.map((sample) => [sample.target, sample.against])).toEqual(Array(6).fill([own, against]));
  for (const method of [0, 1]) expect(right(result, method), `method ${method}`).toBe(true);
  expect(right(result, 2)).toBe(false); // random maps
});

test("A minus B is another question than A, and goes with no seed", async () => {
  await using lit = await loadText(classes);
  const options = { method: "gradient-x-input", seed: "one" } as const;
  await expect(judged(lit, { target: "0 minus 1", methods: [{ name: "seeded", options }] })).rejects.toThrow(
    /leave the seed out/,
  );
  // Random maps are the same for both: what differs is the score.
  const random = async (target: string | number) => (await judged(lit, { target })).tables[0]!.values[2];
  expect(await random("0 minus 1")).not.toEqual(await random(0));
});

test("a value by name; several classes at once, and what is not there, are refused", async () => {
  await using lit = await loadText(values, { reading: { outputKind: "regression" } });
  const named = await judged(lit, { target: "value:variable_b" });
  expect(right(named, 0)).toBe(true);
  const output = await judged(lit, { output: "variable_b" });
  expect(named.tables).toEqual(output.tables);
  await expect(judged(lit, { target: "value" })).rejects.toThrow(/variable_a, variable_b/);
  await using three = await loadText(classes);
  for (const target of ["top:2", 3, -1, "cat", "0 minus 3"])
    await expect(judged(three, { target }), String(target)).rejects.toMatchObject({ _tag: "BadTarget" });
});

test("what is kept of another target is not used", async () => {
  await using lit = await loadText(classes);
  const kept = new Map<string, unknown>();
  const store = {
    get: async (key: string) => kept.get(key),
    put: async (key: string, value: unknown) => void kept.set(key, value),
  };
  const sizes: number[] = [];
  for (const target of [0, "0 minus 1", "0 minus 2", undefined]) {
    await judged(lit, { store, ...(target !== undefined && { target }) });
    sizes.push(kept.size);
  }
  expect(sizes).toEqual([3, 6, 9, 12]);
});

describe("regions of a segmentation: the pixels stay those of the untouched sample", () => {
  const net = `net (float[N,2,3,4] x) => (float[N,3,3,4] logits) <float[3,2,1,1] w = random(1)> { logits = Conv(x, w) }`;
  const pictures = noise([2, 2, 3, 4], 7);
  const data = { name: "noise", sha256: "", count: 2, chunk: 2, read: async () => ({ x: pictures, names: ["a", "b"] }) };
  const labels = ["background", "cat", "dog"];
  test.each<[string | undefined, RegExp]>([
    ["region:cat", /^region:cat$/],
    ["dog@pixel:1,2", /^dog@pixel:1,2$/],
    ["cat minus dog@mask:all", /^cat minus dog@mask:all$/],
    [undefined, /^region:(cat|dog)$/],
  ])("%s", async (target, name) => {
    await using lit = await loadText(net, { labels });
    const targetFiles = { all: floats([3, 4], new Array(12).fill(1)) };
    const methods = ["gradient-x-input", "integrated-gradients"].map((method) => ({ name: method, options: { method } }));
    const result = await judged(lit, { data, methods, targetFiles, ...(target && { target }) });
    for (const { aim, target: index } of result.samples) {
      expect(aim).toMatch(name);
      expect(index).toEqual([-2]);
    }
    for (const method of [0, 1]) expect(right(result, method), `method ${method}`).toBe(true);
  });

  test("curves read the probability, the log-odds and the share of pixels won", async () => {
    await using lit = await loadText(net, { labels });
    for (const score of ["probability", "log-odds", "top-1"]) {
      const settings = [{ metric: "pixel-flipping", params: { unit: "pixel", imputer: "zero", score } }];
      const { tables } = await judged(lit, { data, target: "region:cat", settings });
      expect(tables[0]!.values.flat().every((value) => value !== null && Number.isFinite(value))).toBe(true);
    }
  });

  test("a class at a pixel is judged as that index is; several at once are refused", async () => {
    await using lit = await loadText(net, { labels });
    const [pixel, index] = [await judged(lit, { data, target: "dog@pixel:1,2" }), await judged(lit, { data, target: "2,1,2" })];
    expect(pixel.tables).toEqual(index.tables);
    await expect(judged(lit, { data, target: "top:2@pixel:0,0" })).rejects.toMatchObject({ _tag: "BadTarget" });
    await expect(judged(lit, { data, target: "region:cow" })).rejects.toMatchObject({ _tag: "BadTarget" });
  });
});

/** Tuning on the bundled digits: what it finds, and when it finds nothing. */

import { expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { bytesOf, loadLite0, npyOf } from "../../../../backlit/test/support.ts";
import { floats } from "../../../test/support/run.ts";
import {
  canonicalJson,
  decodeModel,
  type EvaluationData,
  type Explainer,
  encodeModelBytes,
  load,
  parseRecipe,
  recipeHash,
  type Tensor,
  type TuneResult,
  type TuneTask,
  tune,
} from "../../index.ts";
import { withChoice } from "./candidate.ts";
import { dimensionsOf } from "./choices.ts";
import { groupsOf } from "./groups.ts";
import { halvesOf } from "./halves.ts";
import { partOf } from "./part.ts";
import { standardStarts } from "./starts.ts";

const images = npyOf("data/digits/images.npy");
const labels = Array.from(npyOf("data/digits/labels.npy").data as BigInt64Array, String);

const digits = async (name = "digits"): Promise<Explainer> =>
  load(bytesOf(`models/${name}/model.onnx`), { runtime: await nodeRuntime(), box: { low: [0], high: [1] } });

const dataOf = (count: number, change: (v: number) => number = (v) => v): EvaluationData => ({
  name: "digits",
  sha256: `digits ${count} ${change}`,
  count,
  read: async (from, n) => ({
    x: {
      type: "float32",
      dims: [n, 1, 28, 28],
      data: Float32Array.from(images.data.slice(from * 784, (from + n) * 784) as Uint8Array, (v) => change(v / 255)),
    },
    names: Array.from({ length: n }, (_, i) => `digit ${from + i}`),
    labels: labels.slice(from, from + n),
  }),
});

const floatInput = (name: string, dims: readonly (string | number)[]) => ({
  name,
  type: { tensorType: { elemType: 1, shape: dims.map((d) => (typeof d === "number" ? { value: d } : { param: d })) } },
});

const SRG = { metric: "srg", params: { unit: "grid:4", steps: "log:5" } };

const QUICK = { resamples: 500, permutations: 999, randomDraws: 1 };

const tuned = async (lit: Explainer, data: EvaluationData, more: Partial<TuneTask> = {}): Promise<TuneResult> =>
  tune([lit], { model: "digits", data, settings: [SRG], starts: [], ...QUICK, ...more });

test("halves share nothing, hold alike shares of every class, and are drawn by the seed alone", () => {
  const classes = labels.slice(0, 201);
  const halves = halvesOf(classes, 3);
  expect([...halves.search, ...halves.held].sort((a, b) => a - b)).toEqual(classes.map((_, n) => n));
  expect(halvesOf(classes, 3)).toEqual(halves);
  expect(halvesOf(classes, 4)).not.toEqual(halves);
  const counts = (half: readonly number[]) =>
    [...new Set(classes)].sort().map((name) => half.filter((n) => classes[n] === name).length);
  counts(halves.search).forEach((count, i) => {
    expect(Math.abs(count - counts(halves.held)[i]!)).toBeLessThanOrEqual(1);
  });
  expect(Math.abs(halves.search.length - halves.held.length)).toBeLessThanOrEqual(1);
});

test("chosen samples as data of their own: rows, names, labels, classes and masks of each", async () => {
  const whole = dataOf(30);
  const masks = (targets: readonly (readonly number[])[]) =>
    floats(
      [targets.length, 1, 1, 1],
      targets.map(([t]) => t!),
    );
  const read = async (from: number, n: number) => ({
    ...(await whole.read(from, n)),
    targets: Array.from({ length: n }, (_, i) => [(from + i) % 10]),
    masks,
  });
  const part = await partOf({ ...whole, read }, [2, 7, 29]);
  const got = await part.read(1, 2);
  expect(got.names).toEqual(["digit 7", "digit 29"]);
  expect(got.labels).toEqual([labels[7], labels[29]]);
  expect(got.targets).toEqual([[7], [9]]);
  const seven = (await whole.read(7, 1)).x as Tensor;
  expect((got.x as Tensor).dims).toEqual([2, 1, 28, 28]);
  expect((got.x as Tensor).data.slice(0, 784)).toEqual(seven.data);
  expect(Array.from((got.masks as typeof masks)([[4], [5]]).data as Float32Array)).toEqual([4, 5]);
  expect(part.sha256).not.toBe((await partOf(whole, [2, 7, 28])).sha256);
});

test("a planted better recipe is found, holds on the other half, and replays", async () => {
  // As rows of a table digits get the default of tables, ε, which is not theirs; deep-taylor's first layer says nothing.
  const model = decodeModel(bytesOf("models/digits-mlp/model.onnx"));
  const rows = [floatInput("input", ["N", 784])];
  const bytes = encodeModelBytes({ ...model, graph: { ...model.graph, input: rows } });
  await using lit = await load(bytes, { runtime: await nodeRuntime(), box: { low: [0], high: [1] } });
  const starts = [{ name: "deep-taylor", recipe: { composite: "deep-taylor" } }];
  const pictures = dataOf(88);
  const read: EvaluationData["read"] = async (from, n) => {
    const part = await pictures.read(from, n);
    return { ...part, x: { ...(part.x as Tensor), dims: [n, 784] } };
  };
  const data = { ...pictures, read };
  const settings = [{ ...SRG, params: { ...SRG.params, unit: "feature" } }];
  const result = await tuned(lit, data, { starts, settings, budget: 14 });
  const { verdict, best, held, searched, halves } = result;
  expect(verdict.keep).toBe("best");
  expect(result.hash).toBe(best.hash);
  expect(best.chosen.length).toBeGreaterThan(0);
  expect(searched.tried).toBeLessThanOrEqual(14);
  expect(searched.tried).toBe(1 + searched.rounds.reduce((sum, { tries }) => sum + tries.length, 0));
  const against = held.comparisons.find(({ b }) => b === "auto")!;
  expect(against.a).toBe("tuned");
  expect(against.difference.low).toBeGreaterThan(0);
  expect(against.pHolm).toBeGreaterThanOrEqual(against.p);
  expect(verdict.why).toContain(`${held.comparisons.length} comparisons`);
  expect(halves.search.length + halves.held.length).toBe(88);
  expect(halves.search.filter((name) => halves.held.includes(name))).toEqual([]);
  expect(halves.strata).toBe("labels");
  // As a file, read again.
  const { recipe } = parseRecipe(JSON.stringify(result.recipe));
  const { x } = await data.read(0, 2);
  const replayed = await lit.explain(x, { ...recipe, target: 3 });
  expect(replayed.hash).toBe(result.hash);
  expect(replayed.relevance.data).not.toEqual((await lit.explain(x, { target: 3 })).relevance.data);
});

test("where nothing differs the default stays", async () => {
  await using lit = await digits("digits-mlp");
  const blank = dataOf(44, () => 0); // what is removed is what was there
  const result = await tuned(lit, blank, { budget: 8 });
  expect(result.verdict).toMatchObject({ keep: "auto", why: expect.stringMatching(/^keep auto: /) });
  expect(result.hash).toBe(await recipeHash(lit.inspect().plan.recipe));
  expect(result.best.hash).toBe(result.hash);
  expect(result.searched).toMatchObject({ tried: 8, exhausted: true });
  expect(result.searched.rounds.every(({ took }) => took === undefined)).toBe(true);
  expect(result.held.comparisons.every(({ a, difference }) => a === "auto" && difference.mean === 0)).toBe(true);
});

test("too few held-out samples are not ranked; the result is there", async () => {
  await using lit = await digits("digits-mlp");
  const result = await tuned(lit, dataOf(20), { budget: 5 });
  expect(result.verdict.keep).toBe("not enough");
  expect(result.verdict.why).toMatch(/^10 held-out samples are not enough/);
  expect(result.held.objective.methods.length).toBeGreaterThan(1);
  expect(result.best.recipe.rules.length).toBeGreaterThan(0);
});

test("the same task gives the same result, with any number of workers, and from the store", async () => {
  await using lit = await digits("digits-mlp");
  await using other = await digits("digits-mlp");
  const kept = new Map<string, unknown>();
  let computed = 0;
  const store = {
    get: async (key: string) => kept.get(key),
    put: async (key: string, value: unknown) => {
      computed++;
      kept.set(key, JSON.parse(JSON.stringify(value)));
    },
  };
  const task = { ...QUICK, budget: 6, starts: [{ name: "zplus", recipe: { composite: "zplus" } }], store };
  const first = await tuned(lit, dataOf(40), task);
  const before = computed;
  expect(await tune([lit, other], { model: "digits", data: dataOf(40), settings: [SRG], ...task })).toEqual(first);
  expect(computed).toBe(before);
});

test("groups: convolutions by the size of their maps, with gamma-depth's border between two of them", async () => {
  await using lit = await loadLite0();
  const groups = groupsOf(lit.inspect());
  expect(groups.map(({ kind }) => kind)).toEqual(["first", "convolutions", "convolutions", "convolutions", "dense"]);
  const rules = lit.inspect({ composite: "gamma-depth" }).plan.steps.filter(({ index }) => index !== undefined);
  const ruleOf = (layer: number) => rules.find(({ index }) => index === layer)!.rule.name;
  for (const { kind, layers } of groups) {
    if (kind === "convolutions") expect(new Set(layers.map(ruleOf)).size).toBe(1);
    expect(layers.length).toBeGreaterThan(0);
  }
  const all = groups.flatMap(({ layers }) => layers);
  expect([...all].sort((a, b) => a - b)).toEqual(rules.map(({ index }) => index).sort((a, b) => a! - b!));
  // Every choice plans, and changes its own group only.
  const start = standardStarts(lit, {}).find(({ name }) => name === "gamma-depth");
  const dimensions = dimensionsOf(groups, lit.options.box);
  for (const dimension of dimensions)
    for (const choice of dimension.choices) {
      const made = withChoice(lit, start!, dimensions, dimension, choice)!;
      const changed = lit
        .inspect(made.recipe)
        .plan.steps.filter(
          ({ index, rule }) =>
            index !== undefined && canonicalJson(rule) !== canonicalJson(rules.find((step) => step.index === index)!.rule),
        );
      const own = groups.find(({ name }) => name === dimension.name)?.layers ?? [];
      expect(changed.every(({ index }) => own.includes(index!))).toBe(true);
    }
});

test("errors", async () => {
  await using lit = await digits("digits-mlp");
  await expect(tuned(lit, dataOf(1))).rejects.toThrow(/1 samples to tune on/);
  await expect(tuned(lit, dataOf(30), { settings: [{ metric: "sgr" }] })).rejects.toThrow(/metric 'sgr'/);
  await expect(tuned(lit, dataOf(30), { starts: [{ name: "g", recipe: { method: "gradient" } }] })).rejects.toThrow(
    /'g' as a start/,
  );
});

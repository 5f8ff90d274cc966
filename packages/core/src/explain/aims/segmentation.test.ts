/** Pixels, regions and masks of a segmentation. */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/compare.ts";
import { loadText } from "../../../test/support/load.ts";
import { floats, noise } from "../../../test/support/run.ts";
import type { ExplainOptions } from "../types.ts";

const weights = "float[4,2,3,3] u = random(1), float[4,4,1,1] w = random(14), float[4] b = {0,0.01,0,0}";
const body = "a = Conv <pads=[1,1,1,1]> (x, u) h = Relu(a) z = Conv(h, w, b)";
const net = (tail: string) => `net (float[N,2,5,6] x) => (float[N,4,5,6] y) <${weights}> { ${body} ${tail} }`;
const softmax = net("y = Softmax <axis=1> (z)");
const mixed = net("p = Softmax <axis=1> (z) q = Identity(p) r = Softmax <axis=1> (h) y = Mean(q, r)");
const one =
  "net (float[N,2,5,6] x) => (float[N,1,5,6] y) <float[4,2,3,3] u = random(1), float[1,4,1,1] w = random(9)> { a = Conv <pads=[1,1,1,1]> (x, u) h = Relu(a) z = Conv(h, w) y = Sigmoid(z) }";
const labels = ["background", "cat", "dog", "fish"];
const x = noise([2, 2, 5, 6], 4, 4);
const METHODS: readonly ExplainOptions[] = [
  {},
  { composite: "epsilon" },
  { composite: "zplus" },
  { composite: "epsilon", seed: "logit" },
  { seed: "half-log-odds" },
  { seed: "contrastive" },
  { seed: { contrast: 3 } },
  { recipe: 1, composite: "epsilon" },
  { recipe: 1, composite: "gamma", score: "probability" },
  { method: "gradient" },
  { method: "gradient", score: "probability" },
  { method: "gradient-x-input", seed: "log-odds" },
  { method: "deeplift" },
  { method: "integrated-gradients", params: { steps: 4 } },
  { method: "integrated-gradients", params: { steps: 4 }, score: "probability" },
  { method: "feature-ablation", seed: "log-odds" },
];
const numbers = ({ data }: { readonly data: Float32Array }) => Array.from(data);

describe.each([
  ["softmax, cut", softmax],
  ["labels of their own", net("y = Sigmoid(z)")],
  ["a mixture", mixed],
])("%s", (_, text) => {
  test.each(METHODS.map((options) => [JSON.stringify(options), options] as const))(
    "a class at a pixel is that index of the output: %s",
    async (_, options) => {
      await using lit = await loadText(text, { labels });
      const at = { batch: 2, ...options };
      const pixel = await lit.explain(x, { ...at, target: "cat@pixel:3,2" });
      const index = await lit.explain(x, { ...at, target: "1,3,2" });
      expectClose(numbers(pixel.relevance), numbers(index.relevance), 2e-6);
      expect(pixel.hash).toBe(index.hash);
      expect(pixel.aims!.map(([aim]) => aim!.name)).toEqual(["cat@pixel:3,2", "cat@pixel:3,2"]);
    },
  );
});

test("A minus B at a pixel, the winner there, and the two largest", async () => {
  await using lit = await loadText(softmax, { labels });
  const of = async (target: string) => lit.explain(x, { target });
  expectClose(numbers((await of("cat minus dog@pixel:3,2")).relevance), numbers((await of("1,3,2 minus 2,3,2")).relevance), 1e-6);
  const { outputs } = await of("top@pixel:0,0");
  const y = outputs.y!.data as Float32Array;
  const winners = [0, 1].map((n) =>
    [0, 1, 2, 3].reduce((best, k) => (y[n * 120 + k * 30]! > y[n * 120 + best * 30]! ? k : best), 0),
  );
  expect((await of("top@pixel:0,0")).aims!.map(([aim]) => aim!.name)).toEqual(winners.map((k) => `${labels[k]}@pixel:0,0`));
  const two = await of("top:2@pixel:0,0");
  expect(two.relevance.dims).toEqual([2, 2, 2, 5, 6]);
  expectClose(numbers(two.relevance).slice(0, 60), numbers((await of("top@pixel:0,0")).relevance).slice(0, 60), 1e-6);
});

describe("a region", () => {
  test.each<[string, ExplainOptions]>([
    ["auto", {}],
    ["ε, R = v ⊙ z", { composite: "epsilon", seed: "logit" }],
    ["gradient", { method: "gradient" }],
    ["integrated gradients", { method: "integrated-gradients", params: { steps: 3 } }],
    ["ablation", { method: "feature-ablation" }],
  ])("is the mean of its pixels' maps: %s", async (_, options) => {
    await using lit = await loadText(softmax, { labels });
    const at = { batch: 2, ...options };
    const own = floats([1, 2, 5, 6], (x.data as Float32Array).slice(0, 60));
    const { relevance, outputs, aims } = await lit.explain(own, { ...at, target: "region:dog" });
    const y = outputs.y!.data as Float32Array;
    const inside = Array.from({ length: 30 }, (_, p) => p).filter((p) => [0, 1, 3].every((k) => y[60 + p]! > y[k * 30 + p]!));
    expect(inside.length).toBeGreaterThan(2);
    expect(aims![0]![0]!.found).toEqual({ class: 2, pixels: inside.length });
    const mean = new Array<number>(60).fill(0);
    for (const p of inside) {
      const map = await lit.explain(own, { ...at, target: `2,${Math.floor(p / 6)},${p % 6}` });
      numbers(map.relevance).forEach((v, i) => {
        mean[i]! += v / inside.length;
      });
    }
    expectClose(numbers(relevance), mean, 1e-6);
  });

  test("is the direction of its pixels, 1/n at each, fed by hand", async () => {
    await using lit = await loadText(softmax, { labels });
    const { relevance, outputs } = await lit.explain(x, { target: "region:dog", seed: "logit" });
    const y = outputs.y!.data as Float32Array;
    const v = new Float32Array(240);
    for (const n of [0, 1]) {
      const at = (k: number, p: number) => y[n * 120 + k * 30 + p]!;
      const inside = Array.from({ length: 30 }, (_, p) => p).filter((p) => [0, 1, 3].every((k) => at(2, p) > at(k, p)));
      for (const p of inside) v[n * 120 + 60 + p] = 1 / inside.length;
    }
    const fed = await lit.explain(x, { seed: "direction", seedVector: floats([2, 4, 5, 6], v) });
    expectClose(numbers(relevance), numbers(fed.relevance), 1e-6);
  });

  test("the largest is taken when nobody says, background left out; the ledger adds up", async () => {
    await using lit = await loadText(softmax, { labels });
    const usual = await lit.explain(x, { strict: true });
    expect(usual.notices.join()).toMatch(/region:\w+ is explained: the output has classes at 5×6 positions.*background left out/);
    for (const [aim] of usual.aims!) expect(aim!.name).not.toMatch(/background/);
    for (const [n, [aim]] of usual.aims!.entries()) {
      const named = await lit.explain(floats([1, 2, 5, 6], (x.data as Float32Array).slice(n * 60, n * 60 + 60)), {
        target: aim!.name,
      });
      expectClose(numbers(usual.relevance).slice(n * 60, n * 60 + 60), numbers(named.relevance), 1e-5);
    }
  });

  test("of one logit: what is above ½, and what is not", async () => {
    await using lit = await loadText(one);
    const { aims, outputs, relevance } = await lit.explain(x, { seed: "logit" });
    const y = outputs.y!.data as Float32Array;
    const above = (n: number) => Array.from(y.subarray(n * 30, n * 30 + 30)).filter((p) => p > 0.5).length;
    expect(aims!.map(([aim]) => aim!.found)).toEqual([0, 1].map((n) => ({ class: 1, pixels: above(n) })));
    const v = Float32Array.from(y, (p, i) => (p > 0.5 ? 1 / above(Math.floor(i / 30)) : 0));
    const fed = await lit.explain(x, { seed: "direction", seedVector: floats([2, 1, 5, 6], v) });
    expectClose(numbers(relevance), numbers(fed.relevance), 1e-6);
    const not = await lit.explain(x, { target: "region:0" });
    expect(not.aims!.map(([aim]) => aim!.found)).toEqual([0, 1].map((n) => ({ class: 0, pixels: 30 - above(n) })));
  });

  test("classes last, as some exporters have it", async () => {
    await using last = await loadText(
      softmax
        .replace("float[N,4,5,6] y", "float[N,5,6,4] y")
        .replace("y = Softmax <axis=1> (z)", "t = Transpose <perm=[0,2,3,1]> (z) y = Softmax(t)"),
      { labels },
    );
    await using first = await loadText(softmax, { labels });
    for (const target of ["region:dog", "cat@pixel:3,2"])
      expectClose(
        numbers((await last.explain(x, { target })).relevance),
        numbers((await first.explain(x, { target })).relevance),
        1e-6,
      );
  });
});

test("a mask says which pixels, one for all samples or one for each", async () => {
  await using lit = await loadText(softmax, { labels });
  const ring = Uint8Array.from({ length: 30 }, (_, i) => Number(i % 7 === 0) * 255);
  const own = { type: "uint8", dims: [5, 6], data: ring } as const;
  const { relevance, aims } = await lit.explain(x, { target: "cat@mask:ring", targetFiles: { ring: own } });
  expect(aims![1]![0]!.found).toEqual({ pixels: 5 });
  const mean = new Array<number>(120).fill(0);
  for (const p of [0, 7, 14, 21, 28])
    numbers((await lit.explain(x, { target: `1,${Math.floor(p / 6)},${p % 6}` })).relevance).forEach((v, i) => {
      mean[i]! += v / 5;
    });
  expectClose(numbers(relevance), mean, 1e-6);
  const both = { type: "uint8", dims: [2, 1, 5, 6], data: Uint8Array.from([...ring, ...ring]) } as const;
  const each = await lit.explain(x, { target: "cat@mask:ring", targetFiles: { ring: both } });
  expectClose(numbers(each.relevance), numbers(relevance), 1e-6);
});

test("several in one run, a map each, classes of the whole output among them", async () => {
  await using lit = await loadText(softmax, { labels });
  const list = ["region:dog", "cat@pixel:3,2", "1,0,0"];
  for (const method of ["lrp", "feature-ablation"]) {
    const all = await lit.explain(x, { target: { list }, method, batch: 1, ...(method === "lrp" && { ledger: true }) });
    expect(all.relevance.dims).toEqual([2, 3, 2, 5, 6]);
    for (const [k, target] of list.entries()) {
      const alone = await lit.explain(x, { target, method, batch: 1 });
      for (const n of [0, 1])
        expectClose(
          numbers(all.relevance).slice((n * 3 + k) * 60, (n * 3 + k + 1) * 60),
          numbers(alone.relevance).slice(n * 60, n * 60 + 60),
          1e-5,
        );
    }
    if (method === "lrp") expect(all.ledger).toHaveLength(6);
  }
});

test("aims of an explanation are asked of another input: the places stay", async () => {
  await using lit = await loadText(softmax, { labels });
  const { aims, relevance } = await lit.explain(x, { target: "region:dog" });
  const target = { aims: aims!.map(([aim]) => aim!) };
  expectClose(numbers((await lit.explain(x, { target })).relevance), numbers(relevance), 1e-6);
  const moved = noise([2, 2, 5, 6], 5, 4);
  expect((await lit.explain(moved, { target })).aims).toEqual(aims);
});

describe("an artefact", () => {
  test("bakes a pixel, and refuses what is found in a first run", async () => {
    await using lit = await loadText(softmax, { labels });
    const { names } = await lit.compile({ target: "cat@pixel:3,2" });
    expect(names.targetInput).toBeUndefined();
    const [baked, plain] = await Promise.all(
      ["dog minus cat@pixel:3,2", "2,3,2 minus 1,3,2"].map((target) => lit.compile({ target })),
    );
    expect(baked!.chunks).toEqual(plain!.chunks);
    for (const target of ["region:cat", "cat@mask:m", "top@pixel:0,0"])
      await expect(lit.compile({ target })).rejects.toThrow(/--seed direction/);
  });
});

describe("what there is not", () => {
  test.each([
    ["region:cow", /no class/],
    ["region:9", /classes run from 0 to 3/],
    ["cat@pixel:9,0", /positions run from 0 to 4 along axis 0/],
    ["cat@pixel:1", /positions along 2 axes \(5×6\)/],
    ["cat@pixel:a", /row and column/],
    ["cat@mask:none", /no mask 'none'/],
    ["cat@mask:small", /positions are 5×6/],
    ["cat@mask:empty", /0 everywhere/],
    ["cat minus cat@pixel:0,0", /both are one class/],
    ["top:5@pixel:0,0", /there are 4 classes/],
  ])("%s", async (target, words) => {
    await using lit = await loadText(softmax, { labels });
    const targetFiles = { small: floats([2, 2], [1, 1, 1, 1]), empty: floats([5, 6], new Array(30).fill(0)) };
    const failing = lit.explain(x, { target, targetFiles });
    await expect(failing).rejects.toMatchObject({ _tag: "BadTarget" });
    await expect(failing).rejects.toThrow(words);
  });
  test("a class that wins nowhere, and an output without positions", async () => {
    await using lit = await loadText(softmax.replace("{0,0.01,0,0}", "{-90,0,0,0}"));
    await expect(lit.explain(x, { target: "region:0" })).rejects.toThrow(/wins at no position of sample 0.*there are/);
    await using flat = await loadText("net (float[N,3] x) => (float[N,2] y) <float[3,2] w = random(1)> { y = MatMul(x, w) }");
    await expect(flat.explain(noise([1, 3], 1), { target: "1@pixel:0,0" })).rejects.toThrow(/has none/);
  });
});

test.each([
  [
    "log-odds",
    undefined,
    (z: number, others: readonly number[]) => z - Math.log(others.reduce((sum, v) => sum + Math.exp(v), 0)),
  ],
  ["logit", "logit", (z: number) => z],
] as const)("the number beside a region and a mask is the mean %s of its pixels, by hand", async (unit, seed, score) => {
  await using lit = await loadText(softmax, { labels });
  const one = floats([1, 2, 5, 6], (x.data as Float32Array).slice(0, 60));
  const options = { ...(seed && { seed }), composite: "epsilon" } as const;
  const { aims, outputs } = await lit.explain(one, options);
  // A softmax is its logits but for what all classes share, which log-odds do not know.
  const z = Array.from(outputs.y!.data as Float32Array, Math.log);
  const winner = (at: number) => [0, 1, 2, 3].reduce((a, b) => (z[30 * b + at]! > z[30 * a + at]! ? b : a));
  const meanOf = (index: number, positions: readonly number[]) =>
    positions
      .map((at) =>
        score(
          z[30 * index + at]!,
          [0, 1, 2, 3].filter((k) => k !== index).map((k) => z[30 * k + at]!),
        ),
      )
      .reduce((sum, v) => sum + v, 0) / positions.length;
  const { beside, found } = aims![0]![0]!;
  const positions = Array.from({ length: 30 }, (_, at) => at);
  for (const { name, value, unit: said } of beside!) {
    const index = labels.indexOf(name.slice("region:".length));
    const own = positions.filter((at) => winner(at) === index);
    expect(said).toBe(`mean ${unit} of ${own.length} pixel${own.length === 1 ? "" : "s"}`);
    if (unit === "log-odds") expect(value).toBeCloseTo(meanOf(index, own), 4);
    else expect(value).not.toBeCloseTo(own.length, 3);
  }
  expect(beside!.find((one) => one.own)!.unit).toContain(` of ${found!.pixels} `);
  const mask = floats(
    [5, 6],
    Float32Array.from(positions, (at) => Number(at < 7)),
  );
  const masked = await lit.explain(one, { ...options, target: "cat@mask:m", targetFiles: { m: mask } });
  const [own] = masked.aims![0]![0]!.beside!;
  expect(own).toMatchObject({ name: "cat@mask:m", own: true, unit: `mean ${unit} of 7 pixels` });
  if (unit === "log-odds") expect(own!.value).toBeCloseTo(meanOf(1, positions.slice(0, 7)), 4);
});

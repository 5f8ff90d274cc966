import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/compare.ts";
import { explain, floats, ints, noise, numbers } from "../../test/support/run.ts";
import { COLUMNS } from "./ledger.ts";
import type { Target } from "./target.ts";

const dense =
  "net (float[N,4] x) => (float[N,3] y) <float[4,5] v = random(1), float[5,3] w = random(2), float[3] b = random(3)> { z = MatMul(x, v) h = Relu(z) y = Gemm(h, w, b) }";
/** Two axes after the batch. */
const grid =
  "net (float[N,4] x) => (float[N,2,3] y) <float[4,6] v = random(1), int64[3] s = {0,2,3}> { z = MatMul(x, v) y = Reshape(z, s) }";
const binary = (head: string, dims: string) =>
  `net (float[N,4] x) => (float[${dims}] y) <float[4,1] w = random(5), float[1] b = {0.1}, int64[1] ax = {1}> { z = Gemm(x, w, b) ${head} }`;
const x = noise([3, 4], 11, 6);
const epsilon = { composite: { name: "epsilon" }, seed: "logit" } as const;
const rowsOf = (values: readonly number[], n: number) =>
  Array.from({ length: n }, (_, i) => values.slice((i * values.length) / n, ((i + 1) * values.length) / n));
const at = async (text: string, target: Target, recipe: object = epsilon, extra = {}) =>
  explain(text, { x }, { target, recipe }, extra);
const argmax = (row: readonly number[]) => row.indexOf(Math.max(...row));

/** Recurrent nets may give time first. */
const timeFirst =
  "net (float[N,4] x) => (float[2,N,3] y) <float[4,6] v = random(1), int64[3] s = {0,2,3}> { z = MatMul(x, v) r = Reshape(z, s) y = Transpose <perm=[1,0,2]> (r) }";
const unbatched =
  "net (float[1,4] x) => (float[2,3] y) <float[4,6] v = random(1), int64[2] s = {2,3}> { z = MatMul(x, v) y = Reshape(z, s) }";

describe("classes", () => {
  test("samples are counted along the axis that is the input's batch, wherever it is", async () => {
    const target = { kind: "index", index: [1, 2] } as const;
    const batchFirst = await at(grid, target);
    const second = await at(timeFirst, target);
    expectClose(second.relevance, batchFirst.relevance);
    expect(second.out.explained_target).toEqual(batchFirst.out.explained_target);
    const one = await explain(unbatched, { x: noise([1, 4], 3) }, { target, recipe: epsilon });
    const same = await explain(grid, { x: noise([1, 4], 3) }, { target, recipe: epsilon });
    expectClose(one.relevance, same.relevance);
    expect(one.out.explained_target).toMatchObject({ dims: [1, 2] });
  });
  test("one target fed stands for all samples", async () => {
    const fed = await at(grid, { kind: "input" }, epsilon, { target: ints([1, 2], [1, 2]) });
    expect(fed.relevance).toEqual((await at(grid, { kind: "index", index: [1, 2] })).relevance);
    expect(fed.out.explained_target?.dims).toEqual([3, 2]);
  });

  test("argmax, an index and an input agree", async () => {
    const winner = await at(dense, { kind: "argmax" });
    const winners = rowsOf(numbers(winner.out.y), 3).map(argmax);
    expect(new Set(winners).size).toBeGreaterThan(1); // or this would test little
    expect(numbers(winner.out.explained_target)).toEqual(winners);
    expect(winner.out.explained_target).toMatchObject({ type: "int64", dims: [3] });
    const fed = await at(dense, { kind: "input" }, epsilon, { target: ints([3], winners) });
    expect(fed.relevance).toEqual(winner.relevance);
    for (const index of [0, 1, 2]) {
      const one = await at(dense, { kind: "index", index: [index] });
      expect(numbers(one.out.explained_target)).toEqual([index, index, index]);
      winners.forEach((c, n) => {
        if (c === index) expect(rowsOf(one.relevance, 3)[n]).toEqual(rowsOf(winner.relevance, 3)[n]);
      });
    }
  });

  test("top:K is K single runs, in the order of the logits; layers and ledger too", async () => {
    const { compiled, out, relevance } = await explain(
      dense,
      { x },
      { target: { kind: "top", k: 2 }, recipe: epsilon, layers: ["h"], ledger: true },
    );
    expect(out.relevance?.dims).toEqual([3, 2, 4]);
    expect(out["relevance@h"]?.dims).toEqual([3, 2, 5]);
    expect(out.ledger?.dims).toEqual([3, 2, compiled.ledgerRows.length, COLUMNS.length]);
    const targets = numbers(out.explained_target);
    expect(out.explained_target?.dims).toEqual([3, 2]);
    expect(rowsOf(targets, 3)[0]).toEqual([0, 1, 2].sort((a, b) => numbers(out.y)[b]! - numbers(out.y)[a]!).slice(0, 2));
    for (const k of [0, 1]) {
      const column = ints(
        [3],
        rowsOf(targets, 3).map((row) => row[k]!),
      );
      const single = await explain(
        dense,
        { x },
        { target: { kind: "input" }, recipe: epsilon, layers: ["h"], ledger: true },
        { target: column },
      );
      const slice = (values: number[]) =>
        rowsOf(values, 6)
          .filter((_, i) => i % 2 === k)
          .flat();
      expectClose(slice(relevance), single.relevance, 1e-6);
      expectClose(slice(numbers(out["relevance@h"])), numbers(single.out["relevance@h"]), 1e-6);
      expectClose(slice(numbers(out.ledger)), numbers(single.out.ledger), 1e-5);
    }
  });

  test.each<[string, Target]>([
    ["beyond the last", { kind: "index", index: [3] }],
    ["negative", { kind: "index", index: [-1] }],
    ["no whole number", { kind: "index", index: [0.5] }],
    ["of too many axes", { kind: "index", index: [0, 1] }],
    ["top of more than there are", { kind: "top", k: 4 }],
  ])("a target %s is an error", async (_, target) => {
    await expect(at(dense, target)).rejects.toMatchObject({ _tag: "BadTarget" });
  });
});

describe("outputs of several axes", () => {
  test("one index each", async () => {
    const gradient = { method: "gradient" };
    const fixed = await at(grid, { kind: "index", index: [1, 2] }, gradient);
    expect(numbers(fixed.out.explained_target)).toEqual([1, 2, 1, 2, 1, 2]);
    const fed = await at(grid, { kind: "input" }, gradient, { target: ints([3, 2], [1, 2, 1, 2, 1, 2]) });
    expect(fed.relevance).toEqual(fixed.relevance);
    const winner = await at(grid, { kind: "argmax" }, gradient);
    const best = rowsOf(numbers(winner.out.y), 3).map(argmax);
    expect(winner.out.explained_target?.dims).toEqual([3, 2]);
    expect(numbers(winner.out.explained_target)).toEqual(best.flatMap((i) => [Math.floor(i / 3), i % 3]));
    await expect(at(grid, { kind: "index", index: [1] }, gradient)).rejects.toMatchObject({ _tag: "BadTarget" });
  });

  test("the first of them may be free: tokens", async () => {
    const text = "net (float[N,T,4] x) => (float[N,T,2] y) <float[4,2] w = random(1)> { y = MatMul(x, w) }";
    const tokens = noise([2, 5, 4], 3);
    const index = { kind: "index", index: [3, 1] } as const;
    const { out, relevance } = await explain(text, { x: tokens }, { target: index, recipe: { method: "gradient" } });
    expect(numbers(out.explained_target)).toEqual([3, 1, 3, 1]);
    expect(rowsOf(relevance, 10).map((row) => row.some((v) => v !== 0))).toEqual(
      [3, 8].reduce((on, i) => on.with(i, true), Array(10).fill(false)),
    );
    const winner = await explain(text, { x: tokens }, { target: { kind: "argmax" }, recipe: { method: "gradient" } });
    const best = rowsOf(numbers(winner.out.y), 2).map(argmax);
    expect(numbers(winner.out.explained_target)).toEqual(best.flatMap((i) => [Math.floor(i / 2), i % 2]));
    const channels = text
      .replace("MatMul(x, w) }", "Transpose <perm=[0,2,1]> (m) }")
      .replace("{ y", "{ m = MatMul(x, w) y")
      .replace("float[N,T,2]", "float[N,2,T]");
    const asked = { recipe: { method: "gradient" } } as const;
    const last = await explain(channels, { x: tokens }, { target: { kind: "index", index: [1, 3] }, ...asked });
    expect(last.relevance).toEqual(relevance);
    expect(numbers(last.out.explained_target)).toEqual([1, 3, 1, 3]);
    const fed = await explain(
      channels,
      { x: tokens },
      { target: { kind: "input" }, ...asked },
      { target: ints([2, 2], [1, 3, 1, 3]) },
    );
    expect(fed.relevance).toEqual(relevance);
    const highest = await explain(channels, { x: tokens }, { target: { kind: "argmax" }, ...asked });
    const most = rowsOf(numbers(highest.out.y), 2).map(argmax);
    expect(numbers(highest.out.explained_target)).toEqual(most.flatMap((k) => [Math.floor(k / 5), k % 5]));
  });

  test("top:K names all indices", async () => {
    const { out } = await at(grid, { kind: "top", k: 2 }, { method: "gradient" });
    const order = rowsOf(numbers(out.y), 3).map((row) =>
      row
        .map((_, i) => i)
        .sort((a, b) => row[b]! - row[a]!)
        .slice(0, 2),
    );
    expect(out.explained_target?.dims).toEqual([3, 2, 2]);
    expect(numbers(out.explained_target)).toEqual(order.flat().flatMap((i) => [Math.floor(i / 3), i % 3]));
  });

  test("without a batch axis", async () => {
    const text = "net (float[4] x) => (float[3] y) <float[4,3] w = random(1)> { y = MatMul(x, w) }";
    const { out, relevance } = await explain(
      text,
      { x: floats([4], [1, -2, 3, 1]) },
      { target: { kind: "index", index: [2] }, recipe: epsilon },
    );
    expect(numbers(out.explained_target)).toEqual([2]);
    expect(relevance.reduce((a, b) => a + b)).toBeCloseTo(numbers(out.y)[2]!, 4);
  });
});

describe("a single logit", () => {
  test.each([
    ["[N,1] by Sigmoid", binary("y = Sigmoid(z)", "N,1")],
    ["[N,1] that is called a logit", binary("logit = Identity(z)", "N,1").replace("] y)", "] logit)")],
    ["[N]", binary("q = Squeeze(z, ax) y = Sigmoid(q)", "N")],
  ])("%s: the negative class is −z", async (_, text) => {
    const one = await at(text, { kind: "index", index: [1] }, { method: "gradient" });
    const zero = await at(text, { kind: "index", index: [0] }, { method: "gradient" });
    expect(zero.relevance).toEqual(one.relevance.map((v) => -v));
    const winner = await at(text, { kind: "argmax" }, { method: "gradient" });
    const above = numbers(winner.out.y ?? winner.out.logit!).map((v) => (text.includes("Sigmoid") ? v > 0.5 : v > 0));
    expect(numbers(winner.out.explained_target)).toEqual(above.map(Number));
    await expect(at(text, { kind: "index", index: [2] })).rejects.toMatchObject({ _tag: "BadTarget" });
    const both = await at(text, { kind: "top", k: 2 }, { method: "gradient" });
    expect(both.out.explained_target?.dims).toEqual([3, 2]);
    expect(numbers(both.out.explained_target)).toEqual(above.flatMap((one) => [Number(one), 1 - Number(one)]));
    const order = rowsOf(both.relevance, 6);
    for (const [n, row] of rowsOf(winner.relevance, 3).entries())
      expect([order[2 * n], order[2 * n + 1]]).toEqual([row, row.map((v) => -v)]);
    await expect(at(text, { kind: "top", k: 3 })).rejects.toThrow(/has 2 classes/);
  });
});

describe("classes that do not exist", () => {
  /** Every route from a class to relevance: seeds, heads of one logit, mixtures, the head that takes v, DeepLIFT's head, gradients. */
  const HELD = "float[4,3] w = random(1), float[4,3] u = random(2), float[4,1] v = random(3), float[3] b = random(4)";
  const routes: [string, string, object][] = [
    ...["one", "logit", "log-odds", "half-log-odds", "contrastive"].map((seed): [string, string, object] => [
      `seed ${seed}`,
      "y = Gemm(x, w, b)",
      { composite: { name: "epsilon" }, seed },
    ]),
    ["the head that takes v", "y = Gemm(x, w, b)", { composite: { name: "auto" } }],
    [
      "a mixture",
      "p = MatMul(x, w) q = Softmax(p) r = MatMul(x, u) s = Softmax(r) y = Mean(q, s)",
      { composite: { name: "auto" } },
    ],
    ["labels of their own", "z = Gemm(x, w, b) y = Sigmoid(z)", { composite: { name: "auto" } }],
    ["DeepLIFT of a probability", "z = Gemm(x, w, b) y = Softmax(z)", { method: "deeplift", score: "probability" }],
    ["a probability", "z = Gemm(x, w, b) y = Softmax(z)", { method: "gradient", score: "probability" }],
    ["one logit", "z = MatMul(x, v) y = Sigmoid(z)", { composite: { name: "auto" } }],
    [
      "one logit under z⁺",
      "z = MatMul(x, v) y = Sigmoid(z)",
      { composite: { name: "epsilon-plus" }, seed: "logit", start: "plain" },
    ],
    ["DeepLIFT of one logit", "z = MatMul(x, v) y = Sigmoid(z)", { method: "deeplift", score: "probability" }],
    ["guided backpropagation", "y = Gemm(x, w, b)", { method: "guided-backprop" }],
  ];
  test.each(routes)("%s: NaN and −1 in that row alone", async (_, nodes, recipe) => {
    const text = `net (float[N,4] x) => (float[N,${nodes.includes("v)") ? 1 : 3}] y) <${HELD}> { ${nodes} }`;
    const ledger = !("method" in recipe);
    const run = (classes: readonly number[]) =>
      explain(text, { x }, { target: { kind: "input" }, recipe, ledger, layers: ["x"] }, { target: ints([3], classes) });
    const good = await run([0, 1, 0]);
    for (const bad of [-1, nodes.includes("v)") ? 2 : 3, -3, 99]) {
      const { out } = await run([0, bad, 0]);
      expect(numbers(out.explained_target)).toEqual([0, -1, 0]);
      expect(out.y).toEqual(good.out.y);
      for (const name of ["relevance", "relevance@x", ...(ledger ? ["ledger"] : [])]) {
        const [first, own, last] = rowsOf(numbers(out[name]), 3);
        expect(own!.every(Number.isNaN), name).toBe(true);
        const [a, , c] = rowsOf(numbers(good.out[name]), 3);
        expect([first, last], name).toEqual([a, c]);
      }
    }
  });

  test("wherever the samples lie: in the middle of a value, or folded with other things", async () => {
    const text = `net (float[N,4] x) => (float[N,2] y) <float[4,6] v = random(1), float[3,2] w = random(2), int64[3] s = {0,2,3}, int64[2] f = {-1,3}, int64[3] back = {-1,2,2}>
      { z = MatMul(x, v) r = Reshape(z, s) t = Transpose <perm=[1,0,2]> (r) u = Transpose <perm=[1,0,2]> (t) k = Reshape(u, f) m = MatMul(k, w) b = Reshape(m, back) y = ReduceMean <axes=[1], keepdims=0> (b) }`;
    const run = (classes: readonly number[]) =>
      explain(
        text,
        { x },
        { target: { kind: "input" }, recipe: { method: "gradient" }, layers: ["t", "k"] },
        { target: ints([3], classes) },
      );
    const [good, bad] = [await run([0, 1, 0]), await run([0, 2, 0])];
    const nan = (name: string) => numbers(bad.out[name]).map(Number.isNaN);
    expect(nan("relevance")).toEqual(rowsOf(Array(12).fill(0), 3).flatMap((row, n) => row.map(() => n === 1)));
    expect(nan("relevance@t")).toEqual(Array.from({ length: 18 }, (_, i) => Math.floor(i / 3) % 3 === 1));
    expect(nan("relevance@k")).toEqual(Array.from({ length: 18 }, (_, i) => Math.floor(i / 6) === 1));
    expect(numbers(bad.out["relevance@t"]).slice(0, 3)).toEqual(numbers(good.out["relevance@t"]).slice(0, 3));
  });

  /** The number of classes is known when it runs. */
  const free =
    "net (float[N,T,4] x) => (float[N,T] y) <float[4,1] w = random(1), int64[1] last = {-1}> { z = MatMul(x, w) y = Squeeze(z, last) }";
  test.each<[string, Target, readonly number[], readonly boolean[]]>([
    ["an index", { kind: "index", index: [2] }, [-1, -1, -1], [true]],
    ["a list", { kind: "list", index: [[1], [2]] }, [1, -1, 1, -1, 1, -1], [false, true]],
  ])("%s baked in, of a number of classes known at run time", async (_, target, explained, nan) => {
    const asked = { target, recipe: { method: "gradient" } } as const;
    const { out } = await explain(free, { x: noise([3, 2, 4], 5) }, asked);
    expect(numbers(out.explained_target)).toEqual(explained);
    const maps = rowsOf(numbers(out.relevance), 3 * nan.length).map((row) => row.every(Number.isNaN));
    expect(maps).toEqual(Array.from({ length: 3 }, () => nan).flat());
  });

  test("top:K of fewer than K classes", async () => {
    const asked = { target: { kind: "top", k: 3 }, recipe: { method: "gradient" } } as const;
    const { out } = await explain(free, { x: noise([3, 2, 4], 5) }, asked);
    const order = rowsOf(numbers(out.y), 3).flatMap(([a, b]) => (a! >= b! ? [0, 1, -1] : [1, 0, -1]));
    expect(numbers(out.explained_target)).toEqual(order);
    expect(rowsOf(numbers(out.relevance), 9).map((row) => row.every(Number.isNaN))).toEqual(
      [0, 1, 2].flatMap(() => [false, false, true]),
    );
    const full = await explain(free, { x: noise([3, 5, 4], 5) }, asked);
    expect(numbers(full.out.explained_target).every((k) => k >= 0)).toBe(true);
  });
});

test("top:K of distances: the nearest come first", async () => {
  const text =
    "net (float[N,4] x) => (float[N,3] y, int64[N] k) <float[4,3] w = random(1)> { d = MatMul(x, w) a = Mul(d, d) y = Sqrt(a) k = ArgMin <axis=1, keepdims=0> (a) }";
  const { out } = await at(text, { kind: "top", k: 2 }, { method: "gradient" });
  const order = rowsOf(numbers(out.y), 3).flatMap((row) => [0, 1, 2].sort((a, b) => row[a]! - row[b]!).slice(0, 2));
  expect(numbers(out.explained_target)).toEqual(order);
});

describe("where samples are not counted along the first axis, several classes stand behind them", () => {
  test("time first", async () => {
    const text = `net (float[2,N,4] x) => (float[N,3] y) <float[4,3] v = random(1)> { z = MatMul(x, v) y = ReduceMean <axes=[0], keepdims=0> (z) }`;
    const long = noise([2, 3, 4], 5);
    const run = (target: Target) =>
      explain(text, { x: long }, { target, recipe: epsilon, ledger: true, reading: { batchAxis: 1 } });
    const both = await run({ kind: "list", index: [[2], [0]] });
    expect(both.out.relevance?.dims).toEqual([2, 3, 2, 4]);
    const single = [await run({ kind: "index", index: [2] }), await run({ kind: "index", index: [0] })];
    const all = rowsOf(numbers(both.out.relevance), 12);
    for (const [k, one] of single.entries())
      expectClose(all.filter((_, i) => i % 2 === k).flat(), numbers(one.out.relevance), 1e-6);
  });
  test("one sample: in front", async () => {
    const { out } = await explain(
      "net (float[V,4] x) => (float[1,3] y) <float[4,3] v = random(1)> { z = MatMul(x, v) r = Relu(z) y = ReduceMean <axes=[0], keepdims=1> (r) }",
      { x: noise([5, 4], 2) },
      { target: { kind: "top", k: 2 }, recipe: { method: "gradient" }, reading: { batchAxis: "none" } },
    );
    expect(out.relevance?.dims).toEqual([2, 5, 4]);
  });
});

test("a single number that nothing is known of is explained as it is; whoever names a class takes it for a logit", async () => {
  const text = binary("y = Identity(z)", "N,1");
  const one = await at(text, { kind: "index", index: [1] }, { method: "gradient" });
  const zero = await at(text, { kind: "index", index: [0] }, { method: "gradient" });
  const value = await at(text, { kind: "argmax" }, { method: "gradient" });
  expect(zero.relevance).toEqual(one.relevance.map((v) => -v));
  expect(value.relevance).toEqual(one.relevance);
  expect(numbers(value.out.explained_target)).toEqual([1, 1, 1]);
});

test.each([
  ["probabilities", "y = Mean(p, q)"],
  ["their logarithm", "m = Mean(p, q) y = Log(m)"],
])("one number that mixes sigmoids, as %s, is for class 1 from a half on", async (_, end) => {
  const text = `net (float[N,1] x) => (float[N,1] y) <float[1,1] v = {1}, float[1,1] w = {1}> {
    a = MatMul(x, v) p = Sigmoid(a) b = MatMul(x, w) q = Sigmoid(b) ${end} }`;
  // Probabilities of .4, .45, .499, .501, .55, .6.
  const chances = [0.4, 0.45, 0.499, 0.501, 0.55, 0.6];
  const fed = {
    x: floats(
      [6, 1],
      chances.map((p) => Math.log(p / (1 - p))),
    ),
  };
  const { out, compiled } = await explain(text, fed, { target: { kind: "argmax" }, recipe: { method: "gradient" } });
  expect(compiled.plan.reading).toMatchObject({ twoClasses: true, link: { kind: "mixture" } });
  expect(numbers(out.explained_target)).toEqual([0, 0, 0, 1, 1, 1]);
});

/**
 * The ledger balances: in every row, in − out is the sum of the causes; the first row starts from the seed; what all layers kept and
 * what reached the input make up the seed. On random networks, by every composite.
 */
import { describe, expect, test } from "vitest";
import { composites } from "../../src/composites/index.ts";
import { CAUSES, COLUMNS } from "../../src/emit/index.ts";
import type { Recipe } from "../../src/plan/index.ts";
import { absSum, sum } from "../support/compare.ts";
import { holds } from "../support/holds.ts";
import { anyNet, type Net } from "../support/nets.ts";
import { explain, type Feeds, floats, noise, numbers, type Question } from "../support/run.ts";

const WIDTH = COLUMNS.length;

interface Books {
  readonly rows: readonly { readonly node: string; readonly op: string; readonly cells: readonly number[] }[];
  readonly relevance: readonly number[];
  readonly seed: number;
}

/** The ledger of one sample, checked row by row. `seed` is Σ of the relevance that starts. */
const balanced = async (
  text: string,
  feeds: Feeds,
  options: Question,
  seedOf: (out: number[]) => number = () => 1,
): Promise<Books[]> => {
  const { compiled, out } = await explain(text, feeds, { ...options, ledger: true });
  const ledger = out[compiled.names.ledger!]!;
  const [samples, count] = ledger.dims as [number, number];
  expect(ledger.dims).toEqual([samples, compiled.ledgerRows.length, WIDTH]);
  const all = numbers(ledger);
  const parts = Object.values(compiled.names.relevance).map((name) => out[name]!);
  return Array.from({ length: samples }, (_, n) => {
    const relevance = parts.flatMap((t) => numbers(t).slice((n * t.data.length) / samples, ((n + 1) * t.data.length) / samples));
    const rows = compiled.ledgerRows.map((row, k) => ({
      ...row,
      cells: all.slice((n * count + k) * WIDTH, (n * count + k + 1) * WIDTH),
    }));
    const y = numbers(out.y);
    const seed = seedOf(y.slice((n * y.length) / samples, ((n + 1) * y.length) / samples));
    const scale = Math.max(Math.abs(seed), absSum(relevance), ...rows.map(({ cells }) => Math.abs(cells[0]!)));
    for (const { node, op, cells } of rows) {
      const [into, gone, ...causes] = cells as [number, number, ...number[]];
      const rest = into - gone - sum(causes);
      expect(Math.abs(rest), `${op} ${node}: in ${into}, out ${gone}, causes ${causes}`).toBeLessThanOrEqual(1e-4 * scale);
    }
    expect(Math.abs(rows[0]!.cells[0]! - seed)).toBeLessThanOrEqual(1e-5 * scale);
    const kept = sum(rows.flatMap(({ cells }) => cells.slice(2)));
    expect(Math.abs(seed - kept - sum(relevance)), "seed = losses + what arrived").toBeLessThanOrEqual(2e-4 * scale);
    return { rows, relevance, seed };
  });
};

/** Σ of a cause over all rows. */
const total = (books: Books, cause: (typeof CAUSES)[number]): number =>
  sum(books.rows.map(({ cells }) => cells[2 + CAUSES.indexOf(cause)]!));

const feedsOf = ({ dims }: Net): Feeds => ({ x: noise(dims, 9, 4) });
const target = { kind: "index", index: [1] } as const;
const names = Object.keys(composites).filter((name) => name !== "excitation-backprop");

describe.each(names)("%s", (name) => {
  const params = name === "epsilon-gamma-box" || name === "deep-taylor" ? { low: -2, high: 2 } : {};
  test.each([false, true])("biases left out: %s", async (leftOut) => {
    const recipe: Recipe = { composite: { name, params: { ...params, ...(leftOut && { zero_params: "bias" }) } }, seed: "logit" };
    const nets =
      name === "epsilon-gamma-box" ? anyNet({ bias: true }).filter(({ text }) => text.includes("Conv")) : anyNet({ bias: true });
    await holds(nets, (net) => balanced(net.text, feedsOf(net), { recipe, target }, (y) => y[1]!), 5);
  });
});

describe("rules", () => {
  test.each([
    { name: "alpha-beta", alpha: 2, beta: 1 },
    { name: "alpha-beta", alpha: 1.5, beta: 0.5, zero_params: "bias" as const },
    { name: "gamma", gamma: 2 },
    { name: "epsilon", epsilon: 0.25 },
    { name: "wsquare" },
    { name: "flat" },
    { name: "zbox", low: [-1, -2], high: [2, 1] },
  ])("%j on random networks with signed inputs", async (rule) => {
    const match = rule.name === "zbox" ? { op: "Conv", first: true } : {};
    const recipe: Recipe = { rules: [{ match, rule }], seed: "one" };
    const nets = anyNet({ bias: true, activations: ["Relu", "Tanh", "LeakyRelu"] });
    await holds(nets, (net) => balanced(net.text, feedsOf(net), { recipe, target }), 6);
  });

  test("excitation backpropagation names what the activations keep", async () => {
    const text =
      "net (float[N,4] x) => (float[N,2] y) <float[4,5] v = random(1), float[5,2] w = random(2)> { z = Gemm(x, v) h = Tanh(z) y = Gemm(h, w) }";
    const [books] = await balanced(text, { x: noise([1, 4], 3, 4) }, { recipe: { method: "excitation-backprop" }, target });
    expect(Math.abs(total(books!, "remainder"))).toBeGreaterThan(1e-3);
  });
});

describe("causes", () => {
  const dense = (bias: string, nodes = "y = Gemm(x, w, b)") =>
    `net (float[N,3] x) => (float[N,2] y) <float[3,2] w = {1,-1,2,0,1,3}, ${bias}> { ${nodes} }`;
  const x = floats([1, 3], [1, 2, -1]);
  const epsilon: Recipe = { composite: { name: "epsilon" }, seed: "logit" };

  test("the bias takes b/z of R", async () => {
    const [books] = await balanced(
      dense("float[2] b = {3,5}"),
      { x },
      { recipe: epsilon, target: { kind: "index", index: [0] } },
      (y) => y[0]!,
    );
    expect(total(books!, "bias")).toBeCloseTo(3, 4); // z = 1 + 4 − 1 + 3 = 7 = R
    expect(sum(books!.relevance)).toBeCloseTo(4, 4);
  });

  test.each(["float b = {3}", "float[1] b = {3}", "float[1,2] b = {3,5}", "float[1,1] b = {3}", "float[2] b = {3,5}"])(
    "a bias of %s",
    async (bias) => {
      await balanced(dense(bias), { x }, { recipe: epsilon, target: { kind: "index", index: [0] } }, (y) => y[0]!);
    },
  );

  test("a bias per row", async () => {
    await balanced(
      "net (float[2,3] x) => (float[2,2] y) <float[3,2] w = {1,-1,2,0,1,3}, float[2,1] b = {3,-4}> { y = Gemm(x, w, b) }",
      { x: floats([2, 3], [1, 2, -1, 0, 1, 1]) },
      { recipe: { composite: { name: "zplus" }, seed: "logit" }, target: { kind: "index", index: [0] } },
      (y) => y[0]!,
    );
  });

  test("a large ε takes ε/(z + ε)", async () => {
    const recipe: Recipe = { rules: [{ match: {}, rule: { name: "epsilon", epsilon: 7 } }] };
    const [books] = await balanced(dense("float[2] b = {3,5}"), { x }, { recipe, target: { kind: "index", index: [0] } });
    expect(total(books!, "stabiliser")).toBeCloseTo(0.5, 5);
  });

  test("αβ without negative contributions gains β R", async () => {
    const recipe: Recipe = { rules: [{ match: {}, rule: { name: "alpha-beta", alpha: 2, beta: 1 } }] };
    const text = "net (float[N,3] x) => (float[N,2] y) <float[3,2] w = {1,2,3,4,5,6}> { y = MatMul(x, w) }";
    const [books] = await balanced(text, { x: floats([1, 3], [1, 2, 3]) }, { recipe, target });
    expect(total(books!, "no contribution")).toBeCloseTo(-1, 5);
    expect(sum(books!.relevance)).toBeCloseTo(2, 5);
  });

  test("explicit padding by a number, and a crop, keep what lies there", async () => {
    const text =
      "net (float[N,2] x) => (float[N,2] y) <int64[4] p = {0,1,0,1}, float five = {5}, float[4,2] w = {1,2,3,4,5,6,7,8}> { q = Pad(x, p, five) y = MatMul(q, w) }";
    const [books] = await balanced(text, { x: floats([1, 2], [1, 1]) }, { recipe: epsilon, target }, (y) => y[1]!);
    expect(total(books!, "padding")).toBeCloseTo(5 * 2 + 5 * 8, 4);
  });

  test("what a constant addend receives", async () => {
    const text =
      "net (float[N,2,2] x) => (float[N,2] y) <float[2,2] c = {1,2,3,4}, float[4,2] w = {1,2,3,4,5,6,7,8}, int64[2] s = {0,-1}> { q = Add(x, c) f = Reshape(q, s) y = MatMul(f, w) }";
    await balanced(text, { x: floats([1, 2, 2], [1, 1, 1, 1]) }, { recipe: epsilon, target }, (y) => y[1]!);
  });

  test("layers that run over tokens", async () => {
    const text =
      `net (float[N,T,3] x) => (float[N,2] y) <float[3,4] v = random(1), float[4] c = random(2), float[4,2] w = random(3), float[2] b = random(4), int64[2] flat = {-1,3}, float[4] d = random(5)> {
      s = Shape <start=0, end=2> (x) k = Constant <value = int64[1] {-1}> () to = Concat <axis=0> (s, k)
      f = Reshape(x, flat) m = Gemm(f, v, c) a = Relu(m) g = Reshape(a, to) e = MatMul(g, ww) n = Add(e, d) r = ReduceMean <axes=[1], keepdims=0> (n) y = Gemm(r, w, b) }`.replace(
        "float[2] b",
        "float[4,4] ww = random(6), float[2] b",
      );
    const feeds = { x: noise([2, 5, 3], 6) };
    for (const name of ["epsilon", "zplus", "gamma", "epsilon-alpha2-beta1"])
      await balanced(text, feeds, { recipe: { composite: { name }, seed: "logit" }, target, dims: { T: 5 } }, (y) => y[1]!);
  });

  test("two inputs, a gate, a product and a softmax inside", async () => {
    const text = `net (float[N,4] x, float[N,4] w) => (float[N,2] y) <float[4,4] u = random(1), float[4] b = random(2), float[4,2] v = random(3)> {
      z = Gemm(w, u, b) s = Sigmoid(z) g = Mul(x, s) t = Gemm(g, u, b) p = Softmax(t) q = Mul(p, x) r = Mul(q, w) y = Gemm(r, v) }`;
    await balanced(text, { x: noise([2, 4], 3), w: noise([2, 4], 4) }, { recipe: epsilon, target }, (y) => y[1]!);
  });

  const wide = "float[3,2] w = random(1), float[6,2] v = random(2), float[1,3] c = random(3)";
  test.each([
    ["the other summand", "s = Add(a, b) y = MatMul(s, w)", ["b"], "detached"],
    ["the other part of a concatenation", "s = Concat <axis=1> (a, b) y = MatMul(s, v)", ["b"], "detached"],
    ["the other one of a maximum", "s = Max(a, b) y = MatMul(s, w)", ["b"], "detached"],
    ["a layer that both end in", "m = MatMul(a, w) n = MatMul(b, w) y = Sub(m, n)", ["b"], "detached"],
    [
      "a constant part of a concatenation",
      "s = Concat <axis=1> (a, c) t = MatMul(s, v) u = MatMul(b, w) y = Add(t, u)",
      ["a", "b"],
      "constant addend",
    ],
    ["a constant in a maximum", "s = Max(a, b, c) y = MatMul(s, w)", ["a", "b"], "constant addend"],
    [
      "a constant that is chosen",
      "zero = Constant <value_float = 0.0> () m = Greater(c, zero) s = Where(m, a, c) t = MatMul(s, w) u = MatMul(b, w) y = Add(t, u)",
      ["a", "b"],
      "constant addend",
    ],
    ["a constant in a sum", "s = Sum(a, b, c) y = MatMul(s, w)", ["a", "b"], "constant addend"],
  ] as const)("what goes to %s", async (_, nodes, explain, cause) => {
    const text = `net (float[1,3] a, float[1,3] b) => (float[1,2] y) <${wide}> { ${nodes} }`;
    const recipe: Recipe = { ...epsilon, explain };
    const [books] = await balanced(text, { a: noise([1, 3], 5), b: noise([1, 3], 14) }, { recipe, target }, (y) => y[1]!);
    expect(Math.abs(total(books!, cause))).toBeGreaterThan(1e-3);
  });
});

test("an output of exactly 0 gives nothing under γ, and the ledger says so; under ε its share is damped away", async () => {
  // The logits are 0 (1 − 1), 3 and −1.
  const text = "net (float[N,2] x) => (float[N,3] y) <float[2,3] w = {1, 1, -1, -1, 2, 0}> { y = MatMul(x, w) }";
  const feeds = { x: floats([1, 2], [1, 1]) };
  const at = (index: number, composite: string) =>
    balanced(text, feeds, { recipe: { composite, seed: "one" }, target: { kind: "index", index: [index] } });
  const [zero] = await at(0, "gamma");
  expect(zero!.relevance).toEqual([0, 0]);
  expect(total(zero!, "no contribution")).toBe(1);
  expect(total(zero!, "stabiliser")).toBe(0);
  for (const index of [1, 2]) {
    const [other] = await at(index, "gamma");
    expect(total(other!, "no contribution")).toBe(0);
    expect(sum(other!.relevance)).toBeCloseTo(1, 5);
  }
});

/** `params.batchnorm: "layer"`: what stays of BatchNormalization is a layer with the ε rule, and passes where a layer behind it looks away. */
import { describe, expect, test } from "vitest";
import type { Recipe } from "../../src/plan/index.ts";
import type { RuleSpec } from "../../src/rules/index.ts";
import { expectClose } from "../support/compare.ts";
import { explain, type Feeds, floats, noise, numbers } from "../support/run.ts";

const BN = `float[2] s = {1.5, -0.7}, float[2] t = {0.4, 0.9}, float[2] m = {0.3, -0.2}, float[2] v = {0.8, 1.9}`;
/** y = a x + c, as ONNX computes it. */
const a = [1.5 / Math.sqrt(0.8 + 1e-5), -0.7 / Math.sqrt(1.9 + 1e-5)];
const c = [0.4 - 0.3 * a[0]!, 0.9 + 0.2 * a[1]!];
const affine = (x: readonly number[], inner: number): number[] =>
  x.map((value, i) => a[Math.floor(i / inner) % 2]! * value + c[Math.floor(i / inner) % 2]!);

const net = (nodes: string, rest = "") => `net (float[N,2,3,3] x) => (float[N,3] y) <${BN},
  float[4,2,3,3] k = random(1), float[4] kb = random(2), float[4,3] w = random(3), float[18,3] d = random(4)${rest}> { ${nodes} }`;
const FEEDS: Feeds = { x: noise([2, 2, 3, 3], 9) };
const HEAD = "r = Relu(z) g = GlobalAveragePool(r) f = Flatten(g) y = Gemm(f, w)";
const layer = (recipe: Recipe): Recipe => ({ ...recipe, params: { batchnorm: "layer" } });
const map = async (text: string, recipe: Recipe, feeds = FEEDS) =>
  (await explain(text, feeds, { recipe, target: { kind: "index", index: [1] } })).relevance;
const rules = (...list: readonly (readonly [object, RuleSpec])[]): Recipe => ({
  rules: list.map(([match, rule]) => ({ match, rule })),
});

describe("a batch norm that stays", () => {
  // DenseNet's: behind a concatenation, in front of a ReLU.
  const dense = net("b = BatchNormalization(x, s, t, m, v) h = Relu(b) f = Flatten(h) y = Gemm(f, d)");
  test("is a layer with ε: the shift keeps its share", async () => {
    const recipe = rules([{}, { name: "epsilon" }]);
    const got = await map(dense, layer(recipe));
    const passed = await map(dense, recipe);
    const x = numbers(FEEDS.x);
    const y = affine(x, 9);
    expectClose(
      got,
      passed.map((r, i) => (r * a[Math.floor(i / 9) % 2]! * x[i]!) / (y[i]! + (y[i]! >= 0 ? 1e-6 : -1e-6))),
      1e-4,
    );
  });
  test("and the ledger says what the shift took", async () => {
    const { out, compiled } = await explain(dense, FEEDS, { recipe: layer({ composite: "epsilon" }), ledger: true });
    const row = compiled.ledgerRows.findIndex(({ op }) => op === "BatchNormalization");
    const [, rows, columns] = out.ledger!.dims as [number, number, number];
    expect(row).toBeGreaterThanOrEqual(0);
    const cells = numbers(out.ledger).slice(row * columns, (row + 1) * columns);
    expect(rows).toBeGreaterThan(row);
    const [into, left] = cells as [number, number];
    expect(cells[5]).toBeCloseTo(into - left, 4);
    expect(Math.abs(cells[5]!)).toBeGreaterThan(1e-3);
  });
  test("a rule that names it wins", async () => {
    const named = rules([{ op: "BatchNormalization" }, { name: "pass" }], [{}, { name: "epsilon" }]);
    expect(await map(dense, layer(named))).toEqual(await map(dense, named));
    const kind = rules([{ kind: "scale" }, { name: "pass" }], [{}, { name: "epsilon" }]);
    expect(await map(dense, layer(kind))).toEqual(await map(dense, kind));
  });
  test("behind a layer it is merged as ever", async () => {
    const text = net(
      `q = Conv <pads=[1,1,1,1]> (x, k2) z = BatchNormalization(q, s, t, m, v) r = Relu(z) f = Flatten(r) y = Gemm(f, d)`,
      ", float[2,2,3,3] k2 = random(7)",
    );
    for (const composite of ["epsilon", "gamma", "epsilon-plus-flat"])
      expect(await map(text, layer({ composite }))).toEqual(await map(text, { composite }));
  });
});

describe("in front of a layer that looks away it passes", () => {
  const behind = (between: string) =>
    net(`b = BatchNormalization(x, s, t, m, v) ${between} z = Conv <pads=[1,1,1,1]> (h, k, kb) ${HEAD}`);
  test.each<[string, RuleSpec]>([
    ["flat", { name: "flat" }],
    ["w²", { name: "wsquare" }],
  ])("%s, through activations and moves", async (_, rule) => {
    for (const between of ["h = Identity(b)", "h = Relu(b)", "i = Transpose <perm=[0,1,3,2]> (b) h = Tanh(i)"]) {
      const recipe = rules([{ first: true }, rule], [{}, { name: "epsilon" }]);
      expect(await map(behind(between), layer(recipe))).toEqual(await map(behind(between), recipe));
    }
  });
  test("one of several readers is enough", async () => {
    const text = net(
      `b = BatchNormalization(x, s, t, m, v) z1 = Conv <pads=[1,1,1,1]> (b, k, kb) z2 = Conv <pads=[1,1,1,1]> (b, k, kb) z = Mul(z1, z2) ${HEAD}`,
    );
    const recipe = rules([{ first: true }, { name: "flat" }], [{}, { name: "epsilon" }]);
    expect(await map(text, layer(recipe))).toEqual(await map(text, recipe));
  });
  test.each<[string, number | number[], number | number[]]>([
    ["one box", -1, 1],
    ["one a channel", [-1.2, -1], [1, 1.4]],
  ])("z^B with %s: the box goes through s·x + t", async (_, low, high) => {
    const box = (l: number | number[], h: number | number[]) =>
      rules([{ first: true }, { name: "zbox", low: l, high: h }], [{}, { name: "epsilon" }]);
    const list = (bound: number | number[]) => (typeof bound === "number" ? [bound, bound] : bound);
    const ends = [affine(list(low), 1), affine(list(high), 1)] as const;
    const [least, most] = [0, 1].map((i) => ends[0].map((l, k) => (i ? Math.max(l, ends[1][k]!) : Math.min(l, ends[1][k]!))));
    const alone = net(`z = Conv <pads=[1,1,1,1]> (x, k, kb) ${HEAD}`);
    const scaled = { x: floats([2, 2, 3, 3], affine(numbers(FEEDS.x), 9)) };
    expectClose(await map(behind("h = Identity(b)"), layer(box(low, high))), await map(alone, box(least!, most!), scaled), 1e-5);
  });
  test("and through scales and shifts by constants, behind a cut into patches too", async () => {
    const whole = net(
      `q = Mul(x, s4) p = Sub(t4, q) e = Flatten(p) y = Gemm(e, d)`,
      ", float[2,1,1] s4 = {2, -3}, float[2,1,1] t4 = {0.5, 0.1}",
    );
    const box = { name: "zbox", low: [0, -1], high: [1, 2] };
    const got = await map(whole, layer(rules([{}, box])));
    const x = numbers(FEEDS.x).map((value, i) => (Math.floor(i / 9) % 2 ? 0.1 + 3 * value : 0.5 - 2 * value));
    const spread = (p: number, q: number) => [...Array<number>(9).fill(p), ...Array<number>(9).fill(q)];
    const plain = `net (float[N,18] x) => (float[N,3] y) <float[18,3] d = random(4)> { y = Gemm(x, d) }`;
    const want = rules([{}, { name: "zbox", low: spread(-1.5, -2.9), high: spread(0.5, 6.1) }]);
    expectClose(got, await map(plain, want, { x: floats([2, 18], x) }), 1e-5);
  });
});

describe("the box of z^B lies along the input's channels", () => {
  const box = { name: "zbox", low: [-1, -2], high: [1, 3] };
  const spread = (p: number, q: number, channelsLast = false) =>
    Array.from({ length: 18 }, (_, i) => ((channelsLast ? i % 2 : Math.floor(i / 9)) ? q : p));
  const plain = `net (float[N,18] x) => (float[N,3] y) <float[18,3] d = random(4)> { y = Gemm(x, d) }`;
  test.each([
    ["a picture as one row", "float[N,2,3,3] x", "e = Flatten(x)", [2, 2, 3, 3], false],
    ["channels last", "float[N,3,3,2] x", "e = Flatten(x)", [2, 3, 3, 2], true],
  ] as const)("%s", async (_, input, moved, dims, last) => {
    const text = `net (${input}) => (float[N,3] y) <float[18,3] d = random(4)> { ${moved} y = Gemm(e, d) }`;
    const flat = rules([{}, { ...box, low: spread(-1, -2, last), high: spread(1, 3, last) }]);
    const x = noise([...dims], 9);
    expectClose(await map(text, rules([{}, box]), { x }), await map(plain, flat, { x: floats([2, 18], numbers(x)) }), 1e-5);
  });
  test("patches, and rows of a matrix product", async () => {
    // The same layer as a convolution: its channels are the input's.
    const conv = `net (float[N,2,2,4] x) => (float[N,3] y) <float[8,3] w = random(4), int64[4] shape = {3,2,2,2}> {
      t = Transpose(w) k = Reshape(t, shape) z = Conv <strides=[2,2]> (x, k) g = GlobalAveragePool(z) y = Flatten(g) }`;
    const x = noise([2, 2, 2, 4], 5);
    const want = await map(conv, rules([{ op: "Conv" }, box]), { x });
    const cut = `net (float[N,2,2,4] x) => (float[N,3] y) <float[8,3] w = random(4), int64[5] cut = {0,2,2,2,2}, int64[3] rows = {0,2,8}> {
      a = Reshape(x, cut) b = Transpose <perm=[0,3,1,2,4]> (a) p = Reshape(b, rows) z = MatMul(p, w) y = ReduceMean <axes=[1], keepdims=0> (z) }`;
    expectClose(await map(cut, rules([{}, box]), { x }), want, 1e-5);
    const series = `net (float[N,2,2] x) => (float[N,3] y) <float[2,3] w = random(4)> { z = MatMul(x, w) y = ReduceMean <axes=[1], keepdims=0> (z) }`;
    const points = `net (float[N,2,2] x) => (float[N,3] y) <float[2,3] w = random(4), int64[3] shape = {3,2,1}> {
      t = Transpose(w) k = Reshape(t, shape) u = Transpose <perm=[0,2,1]> (x) z = Conv(u, k) g = GlobalAveragePool(z) y = Flatten(g) }`;
    const [rows, columns] = await Promise.all(
      [series, points].map((text) => map(text, rules([{}, box]), { x: noise([2, 2, 2], 8) })),
    );
    expectClose(rows!, columns!, 1e-5);
  });
  test("as many bounds as no axis is long are refused", async () => {
    const three = rules([{}, { name: "zbox", low: [0, 0, 0], high: [1, 1, 1] }]);
    const text = `net (float[N,2,3,3] x) => (float[N,3] y) <float[18,3] d = random(4)> { e = Flatten(x) y = Gemm(e, d) }`;
    const square = text.replace("[N,2,3,3]", "[N,2,1,9]");
    await expect(map(square, three, { x: noise([1, 2, 1, 9], 1) })).rejects.toMatchObject({ _tag: "BadRecipe" });
  });
});

test("an ε that is not written is ONNX's 1e-5, also where the batch norm is merged", async () => {
  const merged = (norm: string) => `net (float[N,2,3,3] x) => (float[N,3] y) <${BN.replace("{0.8, 1.9}", "{0.00001, 0.00003}")},
    float[2,2,3,3] k = random(1), float[2,3] w = random(3)> {
    q = Conv <pads=[1,1,1,1]> (x, k) z = ${norm} (q, s, t, m, v) ${HEAD} }`;
  const recipe = rules([{}, { name: "zplus" }]);
  const [left, said, other] = await Promise.all(
    ["", " <epsilon=0.00001>", " <epsilon=0.0001>"].map((epsilon) => map(merged(`BatchNormalization${epsilon}`), recipe)),
  );
  expect(left).toEqual(said);
  expect(left).not.toEqual(other);
});

describe("a batch norm exported as Mul and Add", () => {
  const column = (values: readonly number[]) => `{${values.join(", ")}}`;
  const CONSTANTS = `, float[4,2,3,3] k2 = random(7), float[1,4,1,1] g = {1.5, -0.7, 0.6, 1.1}, float[4,1,1] o = {0.4, 0.9, -0.3, 0.2},
    float[4] gs = {1.5, -0.7, 0.6, 1.1}, float[4] os = {0.4, 0.9, -0.3, 0.2}, float[4] zero = ${column([0, 0, 0, 0])}, float[4] one = ${column([1, 1, 1, 1])}, float[36,3] e = random(8)`;
  const NORM = "b = BatchNormalization <epsilon=0.0> (q, gs, os, zero, one)";
  const PAIR = "p = Mul(g, q) b = Add(p, o)";
  const places: readonly [string, string, string][] = [
    ["behind a layer", "q = Conv <pads=[1,1,1,1]> (x, k2)", ""],
    ["behind a layer that is read elsewhere", "q = Conv <pads=[1,1,1,1]> (x, k2)", "s2 = Add(h, q)"],
    ["behind a concatenation", "q0 = Relu(x) q = Concat <axis=1> (q0, x)", ""],
  ];
  const text = (before: string, norm: string, after: string) =>
    net(`${before} ${norm} h = Relu(b) ${after} f = Flatten(${after ? "s2" : "h"}) y = Gemm(f, e)`, CONSTANTS);
  test.each(places)("%s is the batch norm it was", async (_, before, after) => {
    for (const composite of ["epsilon", "gamma", "epsilon-plus"]) {
      const got = await map(text(before, PAIR, after), layer({ composite }));
      expectClose(got, await map(text(before, NORM, after), layer({ composite })), 1e-5);
      const passed = await map(text(before, PAIR, after), { composite });
      expect(got.some((value, i) => Math.abs(value - passed[i]!) > 1e-3)).toBe(true);
    }
  });
  test("preprocessing, rows of tables and what belongs to another norm stay", async () => {
    const input = net(
      "p = Mul(x, g2) b = Add(p, o2) f = Flatten(b) y = Gemm(f, d)",
      ", float[2,1,1] g2 = {2, 3}, float[2,1,1] o2 = {1, 4}",
    );
    const own = net(
      "q = Conv <pads=[1,1,1,1]> (x, k2) i = InstanceNormalization(q, one, zero) p = Mul(i, g) b = Add(p, o) f = Flatten(b) y = Gemm(f, e)",
      CONSTANTS,
    );
    const places = net(
      "q = Relu(x) p = Mul(q, g3) b = Add(p, g3) f = Flatten(b) y = Gemm(f, d)",
      ", float[2,3,1] g3 = random(5)",
    );
    for (const stays of [input, own, places])
      expect(await map(stays, layer({ composite: "epsilon" }))).toEqual(await map(stays, { composite: "epsilon" }));
  });
});

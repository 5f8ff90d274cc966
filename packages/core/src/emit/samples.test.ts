import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { explain, floats, model, noise, numbers } from "../../test/support/run.ts";
import { load } from "../explain/index.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { COLUMNS } from "./ledger.ts";

const recipe = { composite: "epsilon", seed: "logit" } as const;
/** The ledger's cells of each sample. */
const books = async (text: string, x: ReturnType<typeof noise>, more = {}) => {
  const { out } = await explain(text, { x, ...more }, { recipe, target: { kind: "index", index: [1] }, ledger: true });
  const cells = numbers(out.ledger);
  const width = cells.length / out.ledger!.dims[0]!;
  return Array.from({ length: out.ledger!.dims[0]! }, (_, n) => cells.slice(n * width, (n + 1) * width));
};

/** Time first, then time and samples in one axis, then heads within the samples' axis. */
const folded =
  "net (float[N,3,4] x) => (float[N,2] y) <float[4,6] w = random(1), float[6] b = random(2), int64[2] flat = {-1,4}, int64[3] back = {3,-1,6}, int64[3] heads = {3,-1,3}, float[6,2] v = random(3)> " +
  "{ t = Transpose <perm=[1,0,2]> (x) f = Reshape(t, flat) z = Gemm(f, w, b) u = Reshape(z, back) h = Reshape(u, heads) r = Relu(h) p = Reshape(r, back) m = ReduceMean <axes=[0], keepdims=0> (p) y = MatMul(m, v) }";

test("a sample has its own books wherever it lies", async () => {
  const x = noise([2, 3, 4], 5);
  const both = await books(folded, x);
  for (const n of [0, 1]) {
    const [alone] = await books(folded, floats([1, 3, 4], numbers(x).slice(12 * n, 12 * n + 12)));
    both[n]!.forEach((cell, i) => {
      expect(cell).toBeCloseTo(alone![i]!, 5);
    });
  }
  expect(both[0]!.some((cell, i) => Math.abs(cell - both[1]![i]!) > 1e-3)).toBe(true);
});

/** Weights of every size these nets need. */
const W =
  "float[4,6] w = random(1), float[6] b = random(2), float[6,2] v = random(3), int64[1] zero = {0}, int64[1] one = {1}, int64[2] ends = {0, 1}";
const net = (nodes: string, inputs = "float[N,3,4] x", more = "") =>
  `<ir_version: 9, opset_import: ["" : 18]> net (${inputs}) => (float[N,2] y) <${W}${more}> { ${nodes} }`;
const CLOSE = "m = ReduceMean <keepdims=0> (r, one) y = MatMul(m, v)";

test.each([
  [
    "two axes of size 1 before the samples",
    `z = MatMul(x, w) u = Unsqueeze(z, ends) a = Add(u, b) r0 = Relu(a) r = Squeeze(r0, ends) ${CLOSE}`,
  ],
  [
    "samples last",
    `t = Transpose <perm=[1,2,0]> (x) g = Relu(t) h = Transpose <perm=[2,0,1]> (g) z = MatMul(h, w) a = Add(z, b) r = Relu(a) ${CLOSE}`,
  ],
  [
    "samples between free sizes",
    `t = Transpose <perm=[1,0,2]> (x) z = MatMul(t, w) a = Add(z, b) r0 = Relu(a) r = Transpose <perm=[1,0,2]> (r0) ${CLOSE}`,
    "float[N,T,4] x",
  ],
  [
    "a truth on the path",
    `z = MatMul(x, w) a = Add(z, b) p = Greater(a, nil) f = Cast <to=1> (p) r = Mul(a, f) ${CLOSE}`,
    undefined,
    ", float nil = {0}",
  ],
  [
    "heads beside the samples",
    `z = MatMul(x, w) h = Reshape(z, heads) t = Transpose <perm=[2,0,1,3]> (h) k = Relu(t) u = Transpose <perm=[1,2,0,3]> (k) r = Reshape(u, back) ${CLOSE}`,
    undefined,
    ", int64[4] heads = {0,3,2,3}, int64[3] back = {0,3,6}",
  ],
] as [string, string, string?, string?][])("samples stay apart: %s", async (_, nodes, inputs, more) => {
  const text = net(nodes, inputs, more);
  const x = noise([3, 3, 4], 5);
  const all = await books(text, x);
  for (const n of [0, 1, 2]) {
    const [alone] = await books(text, floats([1, 3, 4], numbers(x).slice(12 * n, 12 * n + 12)));
    all[n]!.forEach((cell, i) => void expect(cell).toBeCloseTo(alone![i]!, 5));
  }
  expect(all[0]!.some((cell, i) => Math.abs(cell - all[1]![i]!) > 1e-3)).toBe(true);
  expect((await ledgersOf(text, { x })).every(({ wholeBatch }) => wholeBatch === undefined)).toBe(true);
});

/** What the explainer reads: fails where the books do not balance. */
const ledgersOf = async (text: string, feeds: Readonly<Record<string, ReturnType<typeof noise>>>, target = "1") => {
  await using lit = await load(encodeModelBytes(model(text)), { runtime: await nodeRuntime(), sample: feeds });
  return (await lit.explain(feeds, { composite: "epsilon", seed: "logit", target, strict: true })).ledger!;
};

test.each([
  ["an input that all rows share", "z = MatMul(x, w) a = Add(z, s) r = Relu(a)", ", float[3,6] s"],
  ["a mean over the rows", "z = MatMul(x, w) n = ReduceMean <keepdims=1> (z, zero) a = Sub(z, n) r = Relu(a)", ""],
])("rows that are no samples have one book: %s", async (_, nodes, inputs) => {
  const feeds = { x: noise([3, 3, 4], 5), ...(inputs && { s: noise([3, 6], 6) }) };
  const ledgers = await ledgersOf(net(`${nodes} ${CLOSE}`, `float[N,3,4] x${inputs}`), feeds, "1,1");
  expect(ledgers).toHaveLength(1);
});

test("where it is not known what an operator does with samples, a row is the whole batch's and says so", async () => {
  const nodes = `z = MatMul(x, w) a = Add(z, b) u = Unsqueeze(a, last) d = DFT <axis=2> (u) s = ReduceSum <keepdims=0> (d, last) r = Relu(s) ${CLOSE}`;
  const ledgers = await ledgersOf(net(nodes, undefined, ", int64[1] last = {-1}"), { x: noise([3, 3, 4], 5) });
  expect(ledgers.map(({ wholeBatch }) => wholeBatch)).toEqual([true, true, true]);
  const names = ledgers[0]!.entries.map(({ node }) => node);
  expect(names.filter((node) => node.endsWith(" (whole batch)")).length).toBeGreaterThan(1);
  const at = names.findIndex((node) => node.endsWith(" (whole batch)"));
  expect(new Set(ledgers.map(({ entries }) => entries[at]!.in)).size).toBe(1);
});

test("scores masked by −∞ have no share, and no NaN", async () => {
  const masked =
    "net (float[N,3] x, float[N,3] mask) => (float[N,2] y) <float[3,2] w = random(1), float[3,3] v = random(2)> { z = MatMul(x, v) s = Add(z, mask) p = Softmax <axis=-1> (s) y = MatMul(p, w) }";
  const { compiled, out } = await explain(
    masked,
    { x: noise([1, 3], 3), mask: floats([1, 3], [0, -Infinity, 0]) },
    { recipe: { ...recipe, explain: ["x"] }, target: { kind: "index", index: [0] }, ledger: true },
  );
  expect(numbers(out.ledger).every(Number.isFinite)).toBe(true);
  expect(out.ledger!.dims).toEqual([1, compiled.ledgerRows.length, COLUMNS.length]);
});

import { expect, test } from "vitest";
import { explain, floats, noise, numbers } from "../../test/support/run.ts";
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

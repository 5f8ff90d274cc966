/** Attention of two layers whose matrices, and gradients at them, are known in closed form. */

import { expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { ints, model, noise, numbers, runModel } from "../../../test/support/run.ts";
import { type Explainer, load } from "../../explain/index.ts";
import { encodeModelBytes } from "../../onnx/index.ts";
import { attentionsOf } from "./matrices.ts";

const L = 4;
const D = 3;
const ids = ints([2, L], [0, 3, 1, 2, 4, 4, 0, 1]);

/** Both matrices are made of the embedding e, so that f = uᵀ A₂ A₁ e v: ∂f/∂A₂ = u (A₁ e v)ᵀ, ∂f/∂A₁ = (A₂ᵀ u)(e v)ᵀ. `read` makes one row of tokens: u. */
const netOf = (
  read: string,
) => `net (int64[N,4] ids) => (float[N,1] y) <float[5,3] table = random(1), float[3,3] m1 = random(2), float[3,3] m2 = random(3), float[3,1] v = random(4), int64[1] zero = {0}, int64[1] one = {1}, int64[1] axis = {1}> {
  e = Gather(table, ids) t = Transpose <perm = [0,2,1]> (e)
  q1 = MatMul(e, m1) s1 = MatMul(q1, t) a1 = Softmax <axis = -1> (s1)
  q2 = MatMul(e, m2) s2 = MatMul(q2, t) a2 = Softmax <axis = -1> (s2)
  c1 = MatMul(a1, e) c2 = MatMul(a2, c1)
  r = ${read} y = MatMul(r, v) }`;
const CLASS = netOf("Squeeze(h, axis)").replace("  r =", "  h = Slice(c2, zero, one, axis) r =");
const MEAN = netOf("ReduceMean <axes = [1], keepdims = 0> (c2)");
const watched = (text: string) => text.replace("float[N,1] y", "float[N,1] y, float[N,4,4] a1, float[N,4,4] a2, float[N,4,3] e");

const lit = async (text: string): Promise<Explainer> => load(encodeModelBytes(model(text)), { runtime: await nodeRuntime() });

type Matrix = readonly (readonly number[])[];
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const product = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => range(b[0]!.length).map((j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0)));
const added = (a: Matrix, b: Matrix): number[][] => a.map((row, i) => row.map((v, j) => v + b[i]![j]!));
const I = range(L).map((i) => range(L).map((j) => (i === j ? 1 : 0)));

/** A₁, A₂, and e v of sample n. */
const parts = async (text: string, n: number) => {
  const m = model(watched(text));
  const out = await runModel(m, { ids });
  const of = (name: string, rows: number, columns: number): Matrix =>
    range(rows).map((i) => numbers(out[name]).slice((n * rows + i) * columns, (n * rows + i + 1) * columns));
  const v = Array.from(new Float32Array(m.graph.initializer.find((t) => t.name === "v")!.rawData!.slice().buffer), (x) => [x]);
  return { a1: of("a1", L, L), a2: of("a2", L, L), value: product(of("e", L, D), v).map(([x]) => x!) };
};

/** Sums over the embedding, token by token. */
const tokensOf = ({ data }: { data: Float32Array }, n: number): number[] =>
  range(L).map((t) => range(D).reduce((sum, d) => sum + data[(n * L + t) * D + d]!, 0));
const close = (got: readonly number[], want: readonly number[]) =>
  got.forEach((v, i) => {
    expect(v).toBeCloseTo(want[i]!, 5);
  });
const meanRow = (matrix: Matrix, rows: readonly number[]) =>
  range(L).map((j) => rows.reduce((sum, i) => sum + matrix[i]![j]!, 0) / rows.length);

for (const [what, text, rows] of [
  ["the class token", CLASS, [0]],
  ["the mean of all tokens", MEAN, range(L)],
] as const) {
  test(`raw attention and rollout, read from ${what}`, async () => {
    await using it = await lit(text);
    const [last, first, rollout] = await Promise.all([
      it.explain(ids, { method: "raw-attention" }),
      it.explain(ids, { method: "raw-attention", params: { block: 1 } }),
      it.explain(ids, { method: "attention-rollout" }),
    ]);
    expect(last!.relevance.dims).toEqual([2, L, D]);
    for (const n of [0, 1]) {
      const { a1, a2 } = await parts(text, n);
      close(tokensOf(last!.relevance, n), meanRow(a2, rows));
      close(tokensOf(first!.relevance, n), meanRow(a1, rows));
      const half = (a: Matrix) => a.map((row, i) => row.map((v, j) => (v + I[i]![j]!) / 2));
      close(tokensOf(rollout!.relevance, n), meanRow(product(half(a2), half(a1)), rows));
      expect(tokensOf(rollout!.relevance, n).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
  });

  test(`gradient rollout, read from ${what}`, async () => {
    await using it = await lit(text);
    const [up, down] = await Promise.all([1, 0].map((target) => it.explain(ids, { method: "gradient-rollout", target })));
    for (const n of [0, 1]) {
      const { a1, a2, value } = await parts(text, n);
      for (const [sign, { relevance }] of [
        [1, up!],
        [-1, down!],
      ] as const) {
        const u = range(L).map((i) => (rows.includes(i as never) ? sign / rows.length : 0));
        const after = product(
          a1,
          value.map((v) => [v]),
        ).map(([v]) => v!);
        const back = product([u], a2)[0]!;
        const counted = (a: Matrix, left: readonly number[], right: readonly number[]) =>
          a.map((row, i) => row.map((v, j) => Math.max(v * left[i]! * right[j]!, 0)));
        const first = counted(a1, back, value);
        const second = counted(a2, u, after);
        // R = (I + Ā₂)(I + Ā₁), without I.
        const r = product(added(I, second), added(I, first)).map((row, i) => row.map((v, j) => v - I[i]![j]!));
        close(tokensOf(relevance, n), meanRow(r, rows));
      }
    }
    expect(tokensOf(up!.relevance, 0)).not.toEqual(tokensOf(down!.relevance, 0));
  });
}

test("matrices are found behind what moves them; other softmaxes are left alone", async () => {
  const moved = MEAN.replace(
    "c1 = MatMul(a1, e)",
    "d1 = Transpose <perm = [0,2,1]> (a1) b1 = Transpose <perm = [0,2,1]> (d1) c1 = MatMul(b1, e)",
  );
  await using it = await lit(moved);
  expect(attentionsOf(it.inspect().plan.steps).map(({ weights }) => weights)).toEqual(["a1", "a2"]);
  await using plain = await lit(
    "plain (float[N,4] x) => (float[N,2] y) <float[4,4] w = random(1), float[4,2] v = random(2)> { a = MatMul(x, w) s = Softmax <axis = -1> (a) y = MatMul(s, v) }",
  );
  await expect(plain.explain(noise([1, 4], 1), { method: "attention-rollout" })).rejects.toThrow(/no attention/);
});

test("tokens of patches become a map of the picture, the class token left out", async () => {
  // A class token and 2 × 2 patches of 2 × 2 pixels: a patch is its mean over a convolution.
  await using it =
    await lit(`vit (float[N,1,4,4] x) => (float[N,1] y) <float[3,1,2,2] k = random(1), float[1,1,3] cls = random(2), float[3,3] m = random(3), float[3,1] v = random(4), int64[3] flat = {0,3,4}, int64[1] zero = {0}, int64[1] one = {1}, int64[1] axis = {1}> {
    p = Conv <strides = [2,2]> (x, k) f = Reshape(p, flat) g = Transpose <perm = [0,2,1]> (f)
    sh = Shape <start = 0, end = 1> (x) cs = Concat <axis = 0> (sh, one, one) c = Expand(cls, cs) e = Concat <axis = 1> (c, g)
    t = Transpose <perm = [0,2,1]> (e) q = MatMul(e, m) s = MatMul(q, t) a = Softmax <axis = -1> (s) o = MatMul(a, e)
    h = Slice(o, zero, one, axis) r = Squeeze(h, axis) y = MatMul(r, v) }`);
  const x = noise([2, 1, 4, 4], 6);
  const coarse = await it.explain(x, { method: "raw-attention", params: { resize: "none" } });
  expect(coarse.relevance.dims).toEqual([2, 1, 2, 2]);
  const all = coarse.relevance.data.slice(0, 4).reduce((a, b) => a + b);
  expect(all).toBeGreaterThan(0);
  expect(all).toBeLessThan(1); // the rest is the class token's
  for (const method of ["raw-attention", "gradient-rollout", "grad-cam"])
    expect((await it.explain(x, { method })).relevance.dims).toEqual([2, 1, 4, 4]);
});

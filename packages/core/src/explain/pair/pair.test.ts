/** BiLRP: sums over all pairs are the similarity, for pictures, rows and tokens, whatever the batch. */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/compare.ts";
import { loadText } from "../../../test/support/load.ts";
import { floats, ints, noise } from "../../../test/support/run.ts";
import { explainPair } from "./index.ts";

const weights = "float[3,2,3,3] f = random(1), int64[2] flat = {0,-1}, float[108,5] w = random(2)";
const net = (batch: string) =>
  `net (float[${batch},2,6,6] x) => (float[${batch},5] embedding) <${weights}> { a = Conv <pads=[1,1,1,1]> (x, f) h = Relu(a) r = Reshape(h, flat) embedding = MatMul(r, w) }`;
const [x, other] = [noise([2, 2, 6, 6], 3), noise([2, 2, 6, 6], 4)];
const sums = ({ dims, data }: { readonly dims: readonly number[]; readonly data: Float32Array }) => {
  const width = data.length / dims[0]!;
  return Array.from({ length: dims[0]! }, (_, n) => data.slice(n * width, (n + 1) * width).reduce((a, b) => a + b, 0));
};

describe("pictures", () => {
  test("Σ R is the dot product, and the cosine; a cell is a part of the grid", async () => {
    await using lit = await loadText(net("N"));
    for (const similarity of ["dot", "cosine"] as const) {
      const found = await explainPair(lit, x, other, { composite: "lrp-zero", similarity, grid: 3 });
      expect(found.pairs.dims).toEqual([2, 9, 9]);
      expect(found.cells).toEqual([3, 3]);
      expectClose(sums(found.pairs), [...found.similarity], 1e-4);
      if (similarity === "cosine") for (const one of found.similarity) expect(Math.abs(one)).toBeLessThanOrEqual(1 + 1e-6);
    }
    const same = await explainPair(lit, x, x);
    for (const one of same.similarity) expect(one).toBeCloseTo(1, 6);
    expect(same.pairs.dims).toEqual([2, 36, 36]); // six by six is less than seven by seven
  });

  test("of a linear map the pairs are W x ⊗ W x′, by hand", async () => {
    await using lit = await loadText(
      "net (float[N,3] x) => (float[N,2] e) <float[3,2] w = {1,2,-1,0.5,3,-2}> { e = MatMul(x, w) }",
    );
    const [a, b] = [floats([1, 3], [1, 2, -1]), floats([1, 3], [0.5, -1, 2])];
    const { pairs } = await explainPair(lit, a, b, { method: "gradient-x-input", similarity: "dot" });
    const w = [
      [1, 2],
      [-1, 0.5],
      [3, -2],
    ];
    const want = [1, 2, -1].flatMap((x1, i) =>
      [0.5, -1, 2].map((x2, j) => x1 * x2 * (w[i]![0]! * w[j]![0]! + w[i]![1]! * w[j]![1]!)),
    );
    expectClose(Array.from(pairs.data), want, 1e-6);
  });

  test("a model of a fixed batch explains one feature after another, to the same numbers", async () => {
    await using free = await loadText(net("N"));
    await using fixed = await loadText(net("2"));
    const of = (lit: typeof free) => explainPair(lit, x, other, { composite: "epsilon", grid: 2 });
    expectClose(Array.from((await of(fixed)).pairs.data), Array.from((await of(free)).pairs.data), 1e-5);
  });
});

test("texts: pairs of tokens", async () => {
  await using lit = await loadText(
    "net (int64[N,S] input_ids) => (float[N,4] embedding) <float[7,4] table = random(1), float[4,4] w = random(2)> { e = Gather(table, input_ids) m = ReduceMean <axes=[1], keepdims=0> (e) embedding = MatMul(m, w) }",
  );
  const [a, b] = [ints([1, 3], [1, 2, 3]), ints([1, 4], [2, 5, 6, 1])];
  const { pairs, similarity } = await explainPair(lit, a, b, { composite: "lrp-zero", similarity: "dot" });
  expect(pairs.dims).toEqual([1, 3, 4]);
  expectClose(sums(pairs), [...similarity], 1e-4);
});

describe("a model that reads both inputs", () => {
  const held = "float[3,2] w = {1,2,-1,0.5,3,-2}, int64[1] one = {1}";
  const ends: readonly (readonly [string, string])[] = [
    ["a sum of products", "p = Mul(a, b) y = ReduceSum <keepdims=0> (p, one)"],
    ["a product of matrices", "t = Transpose <perm=[1,0]> (b) y = MatMul(a, t)"],
    [
      "divided by the lengths behind it",
      "p = Mul(a, b) d = ReduceSum <keepdims=1> (p, one) n = ReduceL2 <axes=[1], keepdims=1> (a) m = ReduceL2 <axes=[1], keepdims=1> (b) q = Mul(n, m) y = Div(d, q)",
    ],
  ];
  test.each(ends)("is cut at their last product: %s", async (_, end) => {
    await using both = await loadText(
      `net (float[N,3] left, float[N,3] right) => (float y) <${held}> { a = MatMul(left, w) b = MatMul(right, w) ${end} }`,
    );
    await using alone = await loadText(`net (float[N,3] x) => (float[N,2] a) <${held}> { a = MatMul(x, w) }`);
    const [left, right] = [floats([1, 3], [1, 2, -1]), floats([1, 3], [0.5, -1, 2])];
    const options = { composite: "epsilon" } as const;
    const own = await explainPair(both, { left, right }, undefined, options);
    const want = await explainPair(alone, left, right, options);
    expectClose(Array.from(own.pairs.data), Array.from(want.pairs.data), 1e-6);
    expectClose([...own.similarity], [...want.similarity], 1e-6);
    expect(sums(own.pairs)[0]).toBeCloseTo(own.similarity[0]!, 4);
  });
  test("a model of one input, and inputs that meet in a sum, have no pairs of their own", async () => {
    await using one = await loadText(net("N"));
    await expect(explainPair(one, x)).rejects.toThrow(/no features of two inputs.*pair:FILE/);
    await using added = await loadText(
      `net (float[N,3] left, float[N,3] right) => (float[N,2] y) <${held}> { a = MatMul(left, w) b = MatMul(right, w) y = Add(a, b) }`,
    );
    await expect(explainPair(added, { left: floats([1, 3], [1, 2, 3]), right: floats([1, 3], [1, 2, 3]) })).rejects.toThrow(
      /no features of two inputs/,
    );
  });
});

test("cells along height and width; what does not fit says its bounds", async () => {
  await using lit = await loadText(net("N"));
  const { cells, pairs } = await explainPair(lit, x, other, { grid: [2, 3], composite: "epsilon" });
  const whole = await explainPair(lit, x, other, { grid: [6, 6], composite: "epsilon" });
  expect([cells, pairs.dims]).toEqual([
    [2, 3],
    [2, 6, 6],
  ]);
  // A cell is three rows and two columns of the finest.
  const first = [0, 1, 2].flatMap((row) => [0, 1].map((column) => 6 * row + column));
  const want = first.flatMap((i) => first.map((j) => whole.pairs.data[36 * i + j]!)).reduce((a, b) => a + b, 0);
  expect(pairs.data[0]).toBeCloseTo(want, 5);
  for (const grid of [[33, 1], [0, 7], []])
    await expect(explainPair(lit, x, other, { grid })).rejects.toThrow(/1 to 32 cells.*at most 32,32/);
  await expect(explainPair(lit, x, other, { grid: [2, 2, 2] })).rejects.toThrow(/2 axes of positions/);
});

test("what there is not", async () => {
  await using lit = await loadText(net("N"));
  await expect(explainPair(lit, x, noise([1, 2, 6, 6], 1))).rejects.toThrow(/2 and 1 samples/);
  for (const grid of [0, 33, 1.5])
    await expect(explainPair(lit, x, other, { grid })).rejects.toMatchObject({ _tag: "BadRecipe" });
  // Nobody names a number of an embedding by chance.
  await expect(lit.explain(x)).rejects.toThrow(/embedding.*pair/);
  await expect(lit.explain(x, { target: "pair:other.png" })).rejects.toThrow(/explainPair/);
  expect((await lit.explain(x, { target: 2 })).target).toEqual([[2], [2]]);
});

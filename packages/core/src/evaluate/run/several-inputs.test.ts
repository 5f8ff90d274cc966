/** Models that read several inputs apart: all of what they read is explained, and all of it is removed. */
import { expect, test } from "vitest";
import { loadText } from "../../../test/support/load.ts";
import { floats } from "../../../test/support/run.ts";
import { evaluate } from "../index.ts";

/** Two texts: the score adds up what their tokens' rows say. */
const TEXTS = `g (int64[N,S] input_ids, int64[N,T] input_ids_b) => (float[N,1] y) <float[6,3] table = random(1), float[3,1] w = random(2), float[3,1] v = random(3), int64[1] places = {1}>
  { e = Gather(table, input_ids) f = Gather(table, input_ids_b) a = MatMul(e, w) b = MatMul(f, v) sa = ReduceSum <keepdims=0> (a, places) sb = ReduceSum <keepdims=0> (b, places) y = Add(sa, sb) }`;
/** Rows of two tables. */
const ROWS =
  "g (float[N,3] left, float[N,2] right) => (float[N,1] y) <float[3,1] w = {1,2,-3}, float[2,1] v = {4,-1}> { a = MatMul(left, w) b = MatMul(right, v) y = Add(a, b) }";
const ids = (values: readonly number[]) => ({
  type: "int64" as const,
  dims: [1, values.length],
  data: BigInt64Array.from(values, BigInt),
});

test.each([
  ["tokens of both texts", TEXTS, { input_ids: ids([1, 2, 3]), input_ids_b: ids([4, 5]) }, "token"],
  ["columns of both tables", ROWS, { left: floats([1, 3], [1, 2, 3]), right: floats([1, 2], [4, 5]) }, "feature"],
])("%s are removed one by one, in one order", async (_, model, x, unit) => {
  await using lit = await loadText(model, { reading: { outputKind: "regression" } });
  const params = { unit, imputer: "zero", score: "logit" };
  const { tables, curves } = await evaluate([lit], {
    model: "pairs",
    data: { name: "pairs", sha256: "1", count: 1, read: async () => ({ x, names: ["a pair"] }) },
    methods: ["gradient-x-input", "occlusion"].map((method) => ({ name: method, options: { method } })),
    randomDraws: 1,
    settings: ["faithfulness-correlation", "pixel-flipping"].map((metric) => ({ metric, params })),
  });
  // On a linear model what is removed costs its relevance, of whichever input: random maps do not know it.
  const [own, other, random] = tables[0]!.values.map(([value]) => value!);
  expect([own, other]).toEqual([expect.closeTo(1, 6), expect.closeTo(1, 6)]);
  expect(random).toBeLessThan(0.9);
  const flipped = curves.find(({ setting, curve }) => setting === 1 && curve === "score")!;
  expect(flipped.at).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  const [y] = (await lit.predict(x)).data as Float32Array;
  for (const { mean } of flipped.methods) expect([mean[0], mean.at(-1)]).toEqual([expect.closeTo(y!, 5), expect.closeTo(0, 6)]);
  const most = flipped.methods[0]!.mean;
  const falls = most.slice(1).map((value, i) => most[i]! - value);
  expect(falls).toEqual(falls.toSorted((a, b) => b - a)); // the most relevant first, wherever it stands
});

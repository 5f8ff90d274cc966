/** Absence in a text is a token of its tokenizer: the same in every method that has a baseline, and in what evaluation puts in. */
import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/load.ts";
import { floats, ints } from "../../test/support/run.ts";
import { metrics } from "../evaluate/metrics/index.ts";
import { judgeOf } from "../evaluate/run/judge.ts";
import type { TokenNames } from "./types.ts";

// 0 padding, 1 [CLS], 2 the mask; a sum over tokens of what each says by itself.
const TABLE = [0.5, 0.25, 9, 9, -0.5, 1, 2, 0, 1, 3, -1, -2];
const NET = `<ir_version: 8, opset_import: ["" : 17]> net (int64[N,L] input_ids) => (float[N,2] y)
  <float[6,2] table = {${TABLE.join(",")}}, int64[1] second = {1}, float[2,2] w = {1, 2, -1, 0.5}>
  { e = Gather(table, input_ids) m = ReduceSum <keepdims=0> (e, second) y = MatMul(m, w) }`;
const TOKENS: TokenNames = {
  encode: () => [],
  decode: (token) => `<${token}>`,
  mask: 2,
  pad: 0,
  special: (token) => token === 0 || token === 1,
};
const TEXT = ints([2, 4], [1, 3, 5, 0, 1, 4, 4, 3]);
/** What a token says for class 0. */
const said = (token: number) => TABLE[2 * token]! - TABLE[2 * token + 1]!;
const sumsOf = ({ data }: { readonly data: ArrayLike<number> }) =>
  Array.from({ length: 8 }, (_, at) => data[2 * at]! + data[2 * at + 1]!);
const against = (absent: number, stays: (token: number) => boolean) =>
  Array.from(TEXT.data as BigInt64Array, (id) => (stays(Number(id)) ? 0 : said(Number(id)) - said(absent)));
const special = (token: number) => token < 2;

describe("by the mask token, where nobody says another baseline", () => {
  // Occlusion gives the whole fall to both numbers of a token.
  test.each([
    ["integrated-gradients", 1],
    ["expected-gradients", 1],
    ["occlusion", 2],
    ["feature-ablation", 1],
    ["kernel-shap", 1],
    ["shapley", 1],
  ] as const)("%s gives each token its difference from it", async (method, times) => {
    await using lit = await loadText(NET, { tokens: TOKENS });
    const { relevance, recipe, notices } = await lit.explain(TEXT, { method, target: 0 });
    const close = against(2, special).map((value) => expect.closeTo(times * value, 4));
    expect(sumsOf(relevance)).toEqual(close);
    expect(recipe.params).toMatchObject({ baseline: "mask-token" });
    expect(notices.join()).toMatch(/absence is the mask token '<2>'/);
  });

  test.each(["lime", "rise"])("%s takes it too", async (method) => {
    await using lit = await loadText(NET, { tokens: TOKENS });
    const { recipe } = await lit.explain(TEXT, { method, target: 0 });
    expect(recipe.params).toMatchObject({ baseline: "mask-token" });
  });
});

test("by padding where there is no mask, and by what is named", async () => {
  const { mask: _, ...padded } = TOKENS;
  await using lit = await loadText(NET, { tokens: padded });
  const asked = { method: "feature-ablation", target: 0 } as const;
  expect(sumsOf((await lit.explain(TEXT, asked)).relevance)).toEqual(against(0, special).map((v) => expect.closeTo(v, 4)));
  const zeros = await lit.explain(TEXT, { ...asked, params: { baseline: "zero" } });
  expect(sumsOf(zeros.relevance)).toEqual(Array.from(TEXT.data as BigInt64Array, (id) => expect.closeTo(said(Number(id)), 4)));
  expect(zeros.notices.join()).not.toMatch(/absence/);
  await expect(lit.explain(TEXT, { ...asked, params: { baseline: "mask-token" } })).rejects.toThrow(
    /no tokenizer beside the model/,
  );
});

test("a recipe file keeps its zeros, a token beyond the table is none, and without a tokenizer all is as ever", async () => {
  const asked = { method: "feature-ablation", target: 0 } as const;
  const baseline = async (tokens: Partial<TokenNames> | undefined, recipe = {}) => {
    await using lit = await loadText(NET, tokens && { tokens: { ...TOKENS, ...tokens } });
    return (await lit.explain(TEXT, { ...asked, ...recipe })).recipe.params;
  };
  expect(await baseline({}, { recipe: 1 })).toMatchObject({ baseline: "zero" });
  expect(await baseline({ mask: 6 })).toMatchObject({ baseline: "pad-token" });
  expect(await baseline({ mask: 6, pad: 7 })).toMatchObject({ baseline: "zero" });
  expect(await baseline(undefined)).toMatchObject({ baseline: "zero" });
});

test("floats that are no text's have no such token", async () => {
  const net = `<ir_version: 8, opset_import: ["" : 17]> net (float[N,3] x) => (float[N,2] y) <float[3,2] w = {1, 2, -1, 0.5, 3, 1}> { y = MatMul(x, w) }`;
  await using lit = await loadText(net, { tokens: TOKENS });
  const { recipe } = await lit.explain(floats([1, 3], [1, 2, 3]), { method: "feature-ablation", target: 0 });
  expect(recipe.params).toMatchObject({ baseline: "zero" });
});

test("the imputer of that name: all that can be removed removed, the score is that of the text of masks", async () => {
  await using lit = await loadText(NET, { tokens: TOKENS });
  const judge = await judgeOf(lit, TEXT, { target: 0 });
  const relevance = { ...judge.x };
  const { curves } = await judge.measure(
    metrics["pixel-flipping"]!,
    { imputer: "mask-token", unit: "token", score: "logit" },
    { relevance },
  );
  const masked = await lit.explain(ints([2, 4], [1, 2, 2, 0, 1, 2, 2, 2]), { target: 0, method: "gradient" });
  const ends = Object.values(curves!)[0]!.values.map((values) => values.at(-1)!);
  const scores = [0, 1].map((n) => (masked.output.data as Float32Array)[2 * n]!);
  expect(ends).toEqual(scores.map((score) => expect.closeTo(score, 3)));
});

/** A direction that is fed gives the map of the seed it is the direction of, whatever the start; its sum is that of v ⊙ z. */
import { describe, expect, test } from "vitest";
import { expectClose, sum } from "../../test/support/compare.ts";
import { explain, floats, noise, numbers } from "../../test/support/run.ts";
import type { Recipe } from "../plan/index.ts";

const net = (tail: string) =>
  `net (float[N,4] x) => (float[N,3] y) <float[4,5] u = random(1), float[5,3] w = random(2), float[3] b = random(3)> {
    a = MatMul(x, u) h = Relu(a) z = Gemm(h, w, b) ${tail} }`;
const x = noise([2, 4], 4, 4);
const T = 1;

const logits = async () => numbers((await explain(net("y = Identity(z)"), { x }, { recipe: { method: "gradient" } })).out.y);
/** e_t − q of both samples. */
const logOdds = (z: readonly number[]): number[] =>
  [0, 3].flatMap((from) => {
    const e = z.slice(from, from + 3).map((v, k) => (k === T ? 0 : Math.exp(v)));
    return e.map((v, k) => (k === T ? 1 : -v / sum(e)));
  });

describe.each<[string, Recipe]>([
  ["auto, which starts direct", {}],
  ["ε, as v ⊙ z", { composite: "epsilon" }],
  ["z⁺, as v", { composite: "zplus", start: "plain" }],
  ["γ, as v", { composite: { name: "gamma", params: { gamma: 0.3 } }, start: "plain" }],
  ["gradients", { method: "gradient" }],
  ["gradient × input", { method: "gradient-x-input" }],
  ["DeepLIFT", { method: "deeplift" }],
])("%s", (_, recipe) => {
  test.each([
    ["logits", "y = Identity(z)"],
    ["a softmax, which is cut", "y = Softmax(z)"],
  ])("%s", async (_, tail) => {
    const want = await explain(
      net(tail),
      { x },
      { recipe: { ...recipe, seed: "log-odds" }, target: { kind: "index", index: [T] } },
    );
    const seed = floats([2, 3], logOdds(await logits()));
    const got = await explain(net(tail), { x }, { recipe: { ...recipe, seed: "direction" } }, { seed });
    expect(got.compiled.names.seedInput).toBe("seed");
    expectClose(got.relevance, want.relevance, 1e-6);
    expect(numbers(got.out.explained_target)).toEqual([-2, -2]);
  });
});

test("z = 0 explains nothing of v ⊙ z, and x ⊙ Wᵀv where the head takes v", async () => {
  const flat = "net (float[N,2] x) => (float[N,2] y) <float[2,2] w = {1,-1,-1,1}> { y = MatMul(x, w) }";
  const feeds = { x: floats([1, 2], [1, 1]) };
  const seed = floats([1, 2], [1, 0]);
  expect((await explain(flat, feeds, { recipe: { seed: "direction" } }, { seed })).relevance).toEqual([1, -1]);
  const product = { composite: "epsilon", seed: "direction" } as const;
  expect((await explain(flat, feeds, { recipe: product }, { seed })).relevance).toEqual([0, 0]);
});

test("a grid of values: explained_target is one number a sample, and the ledger adds up to Σ v ⊙ z", async () => {
  const text = "net (float[N,2,3,3] x) => (float[N,2,3,3] y) <float[2,2,1,1] w = random(5)> { y = Conv(x, w) }";
  const feeds = { x: noise([2, 2, 3, 3], 7) };
  const seed = noise([2, 2, 3, 3], 8);
  const recipe = { composite: "epsilon", seed: "direction" } as const;
  const { out, relevance, compiled } = await explain(text, feeds, { recipe, ledger: true }, { seed });
  expect(out.explained_target!.dims).toEqual([2]);
  expect(out.ledger!.dims[1]).toBe(compiled.ledgerRows.length);
  const [v, z] = [numbers(seed), numbers(out.y)];
  expect(sum(relevance)).toBeCloseTo(sum(v.map((one, i) => one * z[i]!)), 4);
});

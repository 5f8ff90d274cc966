/** Where relevance starts, read off as the relevance at the logits; gradients against differences of the explained score. */
import { describe, expect, test } from "vitest";
import { expectClose, sum } from "../../test/support/compare.ts";
import { explain, noise, numbers, type Question } from "../../test/support/run.ts";

const softmax = (z: readonly number[]) => {
  const e = z.map(Math.exp);
  return e.map((v) => v / sum(e));
};
const net = (head = "y = Identity(z)") =>
  `net (float[N,4] x) => (float[N,3] y) <float[4,3] w = random(2), float[3] b = random(3)> { z = Gemm(x, w, b) ${head} }`;
const binary =
  "net (float[N,4] x) => (float[N,1] y) <float[4,1] w = random(2), float[1] b = {0.3}> { z = Gemm(x, w, b) y = Sigmoid(z) }";
const x = noise([1, 4], 4, 4);
const T = 2;
const at = async (recipe: object, text = net("y = Softmax(z)"), options: Question = {}) => {
  const answer = await explain(text, { x }, { target: { kind: "index", index: [T] }, layers: ["z"], ...options, recipe });
  return { ...answer, seed: numbers(answer.out["relevance@z"]), z: await logits(text) };
};
/** The logits in the same order. */
const logits = async (text: string) => {
  const plain = text.replace(/\) y = (Softmax|Sigmoid|Identity)/, ") y = Identity");
  return numbers((await explain(plain, { x }, { recipe: { method: "gradient" } })).out.y);
};
const numeric = (f: (z: readonly number[]) => number, z: readonly number[]) =>
  z.map((_, i) => {
    const moved = (h: number) => f(z.map((v, k) => (k === i ? v + h : v)));
    return (moved(1e-5) - moved(-1e-5)) / 2e-5;
  });
const times = (a: readonly number[], b: readonly number[]) => a.map((v, i) => v * b[i]!);
const logOdds = (z: readonly number[]) => Math.log(softmax(z)[T]! / (1 - softmax(z)[T]!));
const probability = (z: readonly number[]) => softmax(z)[T]!;
const epsilon = { composite: { name: "epsilon" } };

describe("relevance at the logits", () => {
  test("one and logit", async () => {
    expect((await at({ ...epsilon, seed: "one" })).seed).toEqual([0, 0, 1]);
    const { seed, z } = await at({ ...epsilon, seed: "logit" });
    expectClose(seed, [0, 0, z[T]!], 1e-6);
  });
  test("log-odds is v ⊙ z, with v the derivative of log p/(1 − p)", async () => {
    const { seed, z } = await at({ ...epsilon, seed: "log-odds" });
    const v = numeric(logOdds, z);
    expect(v[T]).toBeCloseTo(1, 6);
    expectClose(seed, times(v, z), 1e-5);
    expect(sum(seed)).toBeCloseTo(sum(times(v, z)), 5);
  });
  test("contrastive: against the mean of the others, or one class", async () => {
    const { seed, z } = await at({ ...epsilon, seed: "contrastive" });
    expectClose(seed, times([-0.5, -0.5, 1], z), 1e-6);
    const against = await at({ ...epsilon, seed: { contrast: 0 } }, net(), { contrast: 0 });
    expectClose(against.seed, times([-1, 0, 1], z), 1e-6);
    await expect(at({ ...epsilon, seed: { contrast: 9 } }, net(), { contrast: 9 })).rejects.toMatchObject({ _tag: "BadTarget" });
  });
  test("an index to contrast with stands in the recipe; a name has to be looked up first", async () => {
    const { seed, z } = await at({ ...epsilon, seed: { contrast: 1 } });
    expectClose(seed, times([0, -1, 1], z), 1e-6);
    await expect(at({ ...epsilon, seed: { contrast: "cat" } })).rejects.toMatchObject({ _tag: "BadTarget" });
    expectClose((await at({ ...epsilon, seed: { contrast: "cat" } }, net(), { contrast: 1 })).seed, seed, 1e-6);
  });
  test("the probability: its derivative times z, for a score of p or of 1", async () => {
    const { seed, z } = await at({ ...epsilon, seed: "logit", score: "probability" });
    const v = times(numeric(probability, z), z);
    expectClose(seed, v, 1e-5);
    const one = await at({ ...epsilon, seed: "one", score: "probability" });
    expectClose(
      one.seed,
      v.map((r) => r / probability(z)),
      1e-5,
    );
  });
});

describe("gradients at the logits", () => {
  test.each([
    ["one", {}, (z: readonly number[]) => z[T]!],
    ["log-odds", { seed: "log-odds" }, logOdds],
    ["contrastive", { seed: "contrastive" }, (z: readonly number[]) => z[2]! - (z[0]! + z[1]!) / 2],
    ["probability", { score: "probability" }, probability],
    ["probability by params", { params: { output: "probability" } }, probability],
  ])("%s", async (_, more, score) => {
    const { seed, z } = await at({ method: "gradient", ...more });
    expectClose(seed, numeric(score, z), 1e-5);
  });

  test("a single logit", async () => {
    const sigmoid = (z: readonly number[]) => 1 / (1 + Math.exp(-z[0]!));
    const of = async (recipe: object, index: number) => at(recipe, binary, { target: { kind: "index", index: [index] } });
    const { z } = await of({ method: "gradient" }, 1);
    const [slope] = numeric(sigmoid, z);
    expectClose((await of({ method: "gradient", score: "probability" }, 1)).seed, [slope!], 1e-5);
    expectClose((await of({ method: "gradient", score: "probability" }, 0)).seed, [-slope!], 1e-5);
    for (const seed of ["logit", "log-odds", "contrastive"]) {
      expectClose((await of({ ...epsilon, seed }, 1)).seed, z, 1e-6, seed);
      expectClose((await of({ ...epsilon, seed }, 0)).seed, [-z[0]!], 1e-6, seed);
    }
    expect((await of({ ...epsilon, seed: "one" }, 0)).seed).toEqual([1]);
  });
});

test("a trailing softmax is cut, through Identity and Cast too, and said", async () => {
  const { seed } = await at({ method: "gradient" }, net("p = Softmax(z) q = Identity(p) y = Cast <to=1> (q)"));
  expect(seed).toEqual([0, 0, 1]);
  const { compiled } = await at({ method: "gradient" });
  expect(compiled.notices.join()).toMatch(/trailing Softmax is cut/);
  // Along another axis it is no head.
  const other = await explain(net("y = Softmax <axis=0> (z)"), { x }, { recipe: { method: "gradient" } });
  expect(other.relevance.every((v) => v === 0)).toBe(true); // over a batch of one it is constant
});

/** Methods of one compiled gradient pass: sensitivity, and rectified gradients. */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/compare.ts";
import { explain, noise, numbers } from "../../../test/support/run.ts";
import type { Recipe } from "../../plan/index.ts";

const NET = `net (float[N,5] x) => (float[N,3] y) <float[5,40] w = random(1), float[40] b = random(4), float[40,3] v = random(2)>
  { a = MatMul(x, w) c = Add(a, b) h = Relu(c) y = MatMul(h, v) }`;
const FREE = `net (float[N,2,H,W] x) => (float[N,3] y) <float[4,2,3,3] w = random(1), float[4] b = random(4), float[4,3] v = random(2)>
  { a = Conv <pads=[1,1,1,1]> (x, w, b) h = Relu(a) p = GlobalAveragePool(h) f = Flatten(p) y = MatMul(f, v) }`;
const x = noise([3, 5], 7, 3);
const map = async (recipe: Recipe, net = NET, at = x) =>
  (await explain(net, { x: at }, { recipe, layers: ["h"], target: { kind: "index", index: [1] } })).relevance;

test("sensitivity is the squared gradient", async () => {
  const gradient = await map({ method: "gradient" });
  expectClose(
    await map({ method: "sensitivity" }),
    gradient.map((v) => v * v),
    1e-6,
  );
});

describe("rectified gradients", () => {
  const at = (percentile: number, multiply = "none"): Recipe => ({ method: "rectgrad", params: { percentile, multiply } });

  test("the strongest units of the layer alone, sample by sample", async () => {
    const { out } = await explain(
      NET.replace("(float[N,3] y)", "(float[N,3] y, float[N,40] h)"),
      { x },
      { recipe: { method: "gradient", output: "y" }, layers: ["h"], target: { kind: "index", index: [1] } },
    );
    const [h, g] = [numbers(out.h), numbers(out["relevance@h"])];
    for (const q of [0, 50, 90, 98, 100]) {
      const kept = [0, 1, 2].map((n) => {
        const products = h.slice(n * 40, n * 40 + 40).map((v, i) => v * g[n * 40 + i]!);
        const tau = [...products].sort((a, b) => a - b)[Math.ceil((q / 100) * 39)]!;
        return products.map((p, i) => (h[n * 40 + i]! > 0 && p >= tau ? g[n * 40 + i]! : 0));
      });
      // What is kept, through the first layer by its own gradient: seed the layer with it.
      const { relevance } = await explain(
        "net (float[N,5] x) => (float[N,40] c) <float[5,40] w = random(1), float[40] b = random(4)> { a = MatMul(x, w) c = Add(a, b) }",
        { x },
        { recipe: { method: "gradient", seed: "vector" } },
        { seed: { type: "float32", dims: [3, 40], data: Float32Array.from(kept.flat()) } },
      );
      expectClose(await map(at(q)), relevance, 1e-5);
    }
  });

  test("at 0 they are the gradient, times the input where asked for", async () => {
    expectClose(await map(at(0)), await map({ method: "gradient" }), 1e-6);
    expectClose(await map(at(0, "input")), await map({ method: "gradient-x-input" }), 1e-6);
    expectClose(await map({ method: "rectgrad" }), await map(at(98, "input")), 1e-9);
  });

  test("maps of any size, cut alike when the size is known", async () => {
    const picture = noise([2, 2, 5, 7], 3);
    const fixed = FREE.replace("H,W", "5,7");
    for (const q of [0, 63, 97]) expectClose(await map(at(q), FREE, picture), await map(at(q), fixed, picture), 1e-6);
  });

  test("a percentile beyond 0 to 100, or another multiplier, is an error", async () => {
    await expect(map(at(101))).rejects.toMatchObject({ _tag: "BadRecipe" });
    await expect(map(at(98, "weights"))).rejects.toMatchObject({ _tag: "BadRecipe" });
  });
});

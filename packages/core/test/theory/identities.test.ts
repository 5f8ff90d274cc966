/** Identities between rules (docs/formulas.md), on random networks. */
import { describe, expect, test } from "vitest";
import type { Recipe } from "../../src/plan/index.ts";
import type { RuleSpec } from "../../src/rules/index.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { absSum, expectClose, sum } from "../support/compare.ts";
import { holds } from "../support/holds.ts";
import { anyNet, BLOCKS, convNet, type Net } from "../support/nets.ts";
import { explain, floats, noise, numbers, type Question } from "../support/run.ts";

const RUNS = 12;
const every = (rule: RuleSpec, extra: Recipe = {}): Recipe => ({ rules: [{ match: {}, rule }], ...extra });
const input = ({ dims }: Net, seed = 9): Tensor => noise(dims, seed, 4);
const run = async (net: Net, recipe: Recipe, x = input(net), options: Question = {}) =>
  (await explain(net.text, { x }, { recipe, target: { kind: "index", index: [1] }, ...options })).relevance;

describe("gradients", () => {
  test("ε → 0 on a ReLU net without biases is gradient × input", () =>
    holds(anyNet(), async (net) => {
      const lrp = await run(net, { composite: { name: "lrp-zero" }, seed: "logit" });
      expectClose(lrp, await run(net, { method: "gradient-x-input" }), 3e-5);
    }));

  test("gradient × input is the gradient times the input", () =>
    holds(anyNet({ bias: true, activations: ["Relu", "Tanh", "Softplus"] }), async (net) => {
      const x = numbers(input(net));
      const gradient = await run(net, { method: "gradient" });
      expectClose(
        await run(net, { method: "gradient-x-input" }),
        gradient.map((v, i) => v * x[i]!),
        1e-6,
      );
    }));

  test("guided backpropagation and deconvolution are the gradient where nothing is negative", () =>
    holds(convNet({ bias: true, activations: ["Softplus"] }), async (net) => {
      const gradient = await run(net, { method: "gradient" });
      expectClose(await run(net, { method: "guided-backprop" }), gradient, 1e-6);
      expectClose(await run(net, { method: "deconvnet" }), gradient, 1e-6);
    }));

  test("guided backpropagation and deconvolution at a ReLU6: positive gradients, where it is not at its bounds", async () => {
    const text = `net (float[N,4] x) => (float[N,2] y) <float[4,4] a = { 1,0,0,0, 0,1,0,0, 0,0,1,0, 0,0,0,1 }, float[4,2] b = { 1,0, -1,0, 1,0, 1,0 }, float low = { 0 }, float high = { 6 }> {
      z = MatMul(x, a) h = Clip(z, low, high) y = MatMul(h, b) }`;
    const x = floats([1, 4], [1, 2, -1, 7]);
    const map = async (method: string) =>
      (await explain(text, { x }, { recipe: { method }, target: { kind: "index", index: [0] } })).relevance;
    expect(await map("gradient")).toEqual([1, -1, 0, 0]);
    expect(await map("guided-backprop")).toEqual([1, 0, 0, 0]);
    expect(await map("deconvnet")).toEqual([1, 0, 1, 1]);
  });

  test("a very sharp β is the gradient", () =>
    holds(convNet({ bias: true }), async (net) => {
      expectClose(await run(net, { method: "beta-smooth", params: { beta: 1e6 } }), await run(net, { method: "gradient" }), 1e-5);
    }));
});

describe("rules", () => {
  test("αβ(1, 0) is z⁺", () =>
    holds(anyNet({ bias: true }), async (net) => {
      expectClose(
        await run(net, every({ name: "alpha-beta", alpha: 1, beta: 0 })),
        await run(net, every({ name: "zplus" })),
        1e-6,
      );
    }));

  test("γ = 0 is ε", () =>
    holds(anyNet({ bias: true }), async (net) => {
      const epsilon = await run(net, every({ name: "epsilon", epsilon: 1e-6 }));
      expectClose(await run(net, every({ name: "gamma", gamma: 0 })), epsilon, 1e-4); // ε divides by the forward's own z, γ by its own sum
    }));

  test("γ → ∞ is z⁺ where x ≥ 0 and outputs are positive", () =>
    holds(
      convNet({ bias: true, before: "h = Relu(x)", blocks: ["conv", "grouped", "max", "average", "transpose"] }),
      async (net) => {
        // Below a ReLU relevance lies at positive outputs; the logit itself is explained by z⁺ in both.
        const top = { match: { op: "Gemm" }, rule: { name: "zplus" } };
        const with_ = (rule: RuleSpec): Recipe => ({ rules: [top, { match: {}, rule }] });
        expectClose(await run(net, with_({ name: "gamma", gamma: 1e5 })), await run(net, with_({ name: "zplus" })), 1e-4);
      },
    ));

  test("z^B(0, h) is z⁺ for x ≥ 0, w ≥ 0, b ≤ 0", async () => {
    const text =
      "net (float[1,6] x) => (float[1,3] y) <float[6,3] v = random(1), float[3] c = random(2)> { w = Abs(v) d = Abs(c) b = Neg(d) y = Gemm(x, w, b) }";
    const x = floats([1, 6], [0, 1, 0.5, 2, 0.1, 3]);
    const at = (rule: RuleSpec) =>
      explain(text, { x }, { recipe: every({ ...rule, zero_params: "bias" }), target: { kind: "index", index: [1] } });
    const [zbox, zplus] = [await at({ name: "zbox", low: 0, high: 7 }), await at({ name: "zplus" })];
    expectClose(zbox.relevance, zplus.relevance, 1e-6);
    const biased = (name: string, more = {}) =>
      explain(text, { x }, { recipe: every({ name, ...more }), target: { kind: "index", index: [1] } });
    expectClose((await biased("zbox", { low: 0, high: 7 })).relevance, (await biased("zplus")).relevance, 1e-6);
  });

  test("w² and flat do not look at the input of their layer", async () => {
    const text = "net (float[1,6] x) => (float[1,3] y) <float[6,3] w = random(1), float[3] b = random(2)> { y = Gemm(x, w, b) }";
    for (const name of ["wsquare", "flat"]) {
      const at = (seed: number) =>
        explain(text, { x: noise([1, 6], seed) }, { recipe: every({ name }), target: { kind: "index", index: [1] } });
      expect((await at(1)).relevance).toEqual((await at(2)).relevance);
    }
  });
});

describe("sums", () => {
  const CONSERVING: readonly RuleSpec[] = [
    { name: "epsilon", epsilon: 1e-6 },
    { name: "gamma", gamma: 0.5 },
    { name: "zbox", low: -2, high: 2 },
    { name: "wsquare" },
    { name: "flat" },
  ];
  test.each(CONSERVING)("$name conserves relevance without biases", (rule) =>
    holds(anyNet({ blocks: ["conv", "strided", "grouped", "residual", "max", "branch"] }), async (net) => {
      // The rule on the first layer, γ above: relevance then arrives at outputs that have contributions.
      const recipe: Recipe = {
        rules: [
          { match: { first: true }, rule },
          { match: {}, rule: { name: "gamma", gamma: 0.5 } },
        ],
        seed: "logit",
      };
      const { relevance, out } = await explain(net.text, { x: input(net) }, { recipe, target: { kind: "index", index: [1] } });
      const arrived = sum(numbers(out.y).filter((_, i) => i % net.classes === 1));
      expect(Math.abs(sum(relevance) - arrived)).toBeLessThanOrEqual(2e-4 * Math.max(Math.abs(arrived), absSum(relevance)));
    }),
  );

  test.each<RuleSpec>([{ name: "zplus" }, { name: "wsquare" }, { name: "flat" }, { name: "zbox", low: -2, high: 2 }])(
    "$name hands down no negative relevance",
    async (rule) => {
      let reached = 0;
      // A residual sum with a negative summand hands that one negative relevance.
      await holds(anyNet({ bias: true, blocks: BLOCKS.filter((block) => block !== "residual") }), async (net) => {
        const recipe: Recipe = {
          rules: [
            { match: { first: true }, rule },
            { match: {}, rule: { name: "zplus" } },
          ],
        };
        const relevance = await run(net, recipe);
        if (absSum(relevance) > 0) reached++;
        expect(Math.min(...relevance)).toBeGreaterThanOrEqual(-1e-7 * absSum(relevance));
      });
      expect(reached).toBeGreaterThan(RUNS / 2); // some nets are dead
    },
  );

  test("αβ without negative contributions emits α R", async () => {
    const text = "net (float[1,3] x) => (float[1,2] y) <float[3,2] w = {1,2,3,4,5,6}> { y = MatMul(x, w) }";
    const { relevance } = await explain(
      text,
      { x: floats([1, 3], [1, 2, 3]) },
      { recipe: every({ name: "alpha-beta", alpha: 3, beta: 2 }) },
    );
    expect(sum(relevance)).toBeCloseTo(3, 5);
  });
});

describe("what must not matter", () => {
  const NAMES = ["epsilon", "gamma-depth", "epsilon-alpha2-beta1-flat", "deep-taylor"];
  test.each(NAMES)("samples do not see each other: %s", (name) =>
    holds(
      anyNet({ bias: true }),
      async (net) => {
        const x = numbers(input(net));
        const [n, ...rest] = net.dims as [number, ...number[]];
        const both = await run(net, { composite: { name }, seed: "log-odds" });
        const size = x.length / n;
        const apart = [];
        for (let i = 0; i < n; i++)
          apart.push(
            ...(await run(
              net,
              { composite: { name }, seed: "log-odds" },
              floats([1, ...rest], x.slice(i * size, (i + 1) * size)),
            )),
          );
        expectClose(both, apart, 1e-4);
      },
      6,
    ),
  );

  test.each([13, 15, 18, 21])("the opset: %d", (opset) =>
    holds(
      convNet({ bias: true }).filter(({ text }) => !text.includes("ReduceMean")),
      async (net) => {
        const recipe: Recipe = { composite: { name: "epsilon-plus-flat" } };
        const other = { ...net, text: `<ir_version: 8, opset_import: ["" : ${opset}]> ${net.text}` };
        expectClose(await run(other, recipe), await run(net, recipe), 1e-6);
      },
      6,
    ),
  );

  test("whether the ledger is kept, and which layers are watched", () =>
    holds(
      anyNet({ bias: true }),
      async (net) => {
        const recipe: Recipe = { composite: { name: "gamma-depth" } };
        const plain = await run(net, recipe);
        expectClose(await run(net, recipe, input(net), { ledger: true, layers: ["y"] }), plain, 1e-6);
      },
      6,
    ));
});

import { expect, test } from "vitest";
import { loadText } from "../../test/support/load.ts";
import { floats } from "../../test/support/run.ts";

const body = (head: string) =>
  `<float[3,4] a = {1,-1,2,0.5, -1,2,0.5,1, 0.5,1,-1,-2}, float[4,1] w = {1,-2,0.5,-1}, float[1] b = {0.3}> { z = MatMul(x, a) h = Relu(z) ${head} }`;
const one = `net (float[N,3] x) => (float[N,1] logit) ${body("logit = Gemm(h, w, b)")}`;
// The negative class as a model of its own: z ↦ −z by its weights.
const turned = `net (float[N,3] x) => (float[N,1] logit) ${body("logit = Gemm(h, w, b)").replace("{1,-2,0.5,-1}", "{-1,2,-0.5,1}").replace("{0.3}", "{-0.3}")}`;
const x = floats([2, 3], [1, 2, 0.5, -1, 0.5, 2]);

test.each(["zplus", "epsilon-plus", "epsilon-alpha2-beta1", "epsilon", "gamma"])(
  "%s: the negative class of one logit is what speaks for it",
  async (composite) => {
    await using lit = await loadText(one);
    await using other = await loadText(turned);
    const negative = await lit.explain(x, { composite, target: 0 });
    const positive = await other.explain(x, { composite, target: 1 });
    const both = Array.from(negative.relevance.data, (v, i) => [v, positive.relevance.data[i]!] as const);
    for (const [v, want] of both) expect(v).toBeCloseTo(want, 5);
    expect(both.some(([v]) => v !== 0)).toBe(true);
  },
);

test("the ledger adds up for both classes", async () => {
  await using lit = await loadText(one);
  for (const target of [0, 1]) await lit.explain(x, { composite: "zplus", target, strict: true });
});

/** One net in two orders of axes: every method gives the same numbers, transposed. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { expectTransposed, NETS } from "../../test/support/layouts.ts";
import { model, noise } from "../../test/support/run.ts";
import { load } from "../explain/index.ts";
import { encodeModelBytes } from "../onnx/index.ts";
import { arranged, restored } from "../reading/index.ts";
import type { FloatTensor } from "../tensor/float.ts";
import { compiledCards } from "./cards.ts";
import { methods } from "./index.ts";

const open = async (text: string) => load(encodeModelBytes(model(text)), { runtime: await nodeRuntime() });

/** Cheap enough for a test; what is drawn is drawn. */
const FEW: Readonly<Record<string, Record<string, string | number>>> = {
  rise: { masks: 40 },
  "kernel-shap": { samples: 60 },
  lime: { samples: 60 },
  shapley: { permutations: 4 },
  smoothgrad: { samples: 4 },
  "smoothgrad-squared": { samples: 4 },
  vargrad: { samples: 4 },
  "integrated-gradients": { steps: 6, baseline: "blur:2" },
  "expected-gradients": { samples: 6 },
  "activation-maximization": { steps: 3 },
};
/** Of attention, which these nets do not have. */
const APART = ["attention", "uncertainty"];

const names = [
  ...Object.values(methods)
    .filter(({ card }) => !APART.includes(card.family))
    .map(({ card }) => card.name),
  // tree-shap refuses nets without trees, neuralised those without distances from points.
  ...compiledCards.map(({ name }) => name).filter((name) => name !== "tree-shap" && name !== "neuralised"),
];

describe.each(Object.entries(NETS))("%s", (_, net) => {
  test.each(names)("%s", async (method) => {
    await using first = await open(net.first);
    await using last = await open(net.last);
    const options = { method, target: 1, params: FEW[method] ?? {} };
    const one = await first.explain(net.x, options);
    const other = await last.explain(restored(net.x, net.order), options);
    expectTransposed(arranged(other.relevance as FloatTensor, net.order), one.relevance);
    if (one.spread) expectTransposed(arranged(other.spread as FloatTensor, net.order), one.spread);
    for (const [i, { values }] of (one.frames ?? []).entries())
      expectTransposed(arranged(other.frames![i]!.values, net.order), values);
  });
});

test.each(Object.entries(NETS))("rules by the size of maps are the same: %s", async (_, net) => {
  const rulesOf = async (text: string) => {
    await using lit = await open(text);
    const { steps } = lit.inspect({ composite: "gamma-depth" }).plan;
    return steps.filter(({ index }) => index !== undefined).map(({ rule }) => rule);
  };
  expect(await rulesOf(net.last)).toEqual(await rulesOf(net.first));
});

test("as many texts as pictures are still no samples of theirs", async () => {
  const towers = `net (float[T,4] text, float[I,2,6,6] x) => (float[I,T] y) <float[4,5] w = random(1), float[5,2,3,3] k = random(2)> {
    a = MatMul(text, w) b = Transpose(a) c = Conv(x, k) p = GlobalAveragePool(c) f = Flatten(p) y = MatMul(f, b) }`;
  await using lit = await open(towers);
  const [text, x] = [noise([2, 4], 1), noise([2, 2, 6, 6], 2) as FloatTensor];
  const options = { method: "occlusion", explain: ["x"], target: 1, params: { window: 3 } };
  const both = await lit.explain({ text, x }, options);
  for (const n of [0, 1]) {
    const one = { ...x, dims: [1, 2, 6, 6], data: x.data.slice(n * 72, (n + 1) * 72) };
    const alone = await lit.explain({ text, x: one }, options);
    expectTransposed({ dims: one.dims, data: both.relevance.data.slice(n * 72, (n + 1) * 72) }, alone.relevance);
  }
});

test.each(["occlusion", "kernel-shap", "rise", "smoothgrad", "integrated-gradients", "lime", "gradient"])(
  "%s of a graph explains one node by all of them",
  async (method) => {
    const graph =
      "net (float[n,3] x) => (float[n,2] y) <float[3,2] w = random(1)> { m = ReduceMean <axes=[0]> (x) s = Add(x, m) y = MatMul(s, w) }";
    await using lit = await open(graph);
    const x = noise([4, 3], 3);
    const e = await lit.explain(x, {
      method,
      target: "1,0",
      params: { ...FEW[method], ...(method === "integrated-gradients" && { baseline: "zero" }) },
    });
    expect(e.relevance.dims).toEqual([4, 3]);
    expect(e.target).toEqual([[1, 0]]);
    expect(e.notices.join("\n")).toMatch(/rows depend on each other: one sample/);
    // Node 1 has its own share and that of the mean, the others a quarter.
    if (method === "gradient") expect(e.relevance.data[3]! / e.relevance.data[0]!).toBeCloseTo(5, 4);
  },
);

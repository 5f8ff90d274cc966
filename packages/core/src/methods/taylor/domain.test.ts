/** Deep Taylor: the first layer's rule follows from what is known of its input, and the plan says so. */

import { expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { model } from "../../../test/support/run.ts";
import { compileModel } from "../../compile/index.ts";
import { prepare } from "../../lower/prepare.ts";

const planned = async (before: string, box?: { low: number; high: number }) => {
  const text = `net (float[N,4] x) => (float[N,3] y) <float[4,5] w = random(1), float[5,3] v = random(2)>
    { ${before} a = MatMul(h, w) b = Relu(a) y = MatMul(b, v) }`;
  const ready = await prepare(model(text), await nodeRuntime(), {});
  const { plan } = compileModel(ready, { composite: { name: "deep-taylor" } }, box ? { box } : {});
  return plan.steps.filter(({ op }) => op === "MatMul").map(({ rule, why }) => `${rule.name}: ${why}`);
};

test.each([
  ["h = Identity(x)", undefined, "wsquare: rule 2 of deep-taylor: first; its input is taken to be without bounds"],
  ["h = Identity(x)", { low: 0, high: 1 }, "zbox: rule 2 of deep-taylor: first; its input is in a box"],
  ["h = Relu(x)", undefined, "zplus: rule 1 of deep-taylor: first, nonnegative; its input is never negative"],
  [
    "s = Sigmoid(x) t = Add(s, s) h = Relu(t)",
    { low: 0, high: 1 },
    "zplus: rule 1 of deep-taylor: first, nonnegative; its input is never negative",
  ],
  ["h = Tanh(x)", undefined, "wsquare: rule 2 of deep-taylor: first; its input is taken to be without bounds"],
])("%s, box %o", async (before, box, first) => {
  expect(await planned(before, box)).toEqual([first, "zplus: rule 3 of deep-taylor: every layer"]);
});

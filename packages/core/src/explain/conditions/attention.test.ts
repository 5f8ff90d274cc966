/** Conditions on a transformer: heads, hidden features, single positions. */
import { beforeAll, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { expectClose } from "../../../test/support/compare.ts";
import { model, noise, numbers } from "../../../test/support/run.ts";
import { encodeModelBytes } from "../../onnx/encode.ts";
import { type Explainer, load } from "../explainer.ts";
import type { Condition } from "./condition.ts";

/** One block of two heads and six hidden features over three tokens. */
const block = `net (float[N,3,4] x) => (float[N,2] y)
<float[4,4] wq = random(1), float[4,4] wk = random(2), float[4,4] wv = random(3), float[4,4] wo = random(4), float[4,6] w1 = random(5), float[6,4] w2 = random(6), float[4,2] o = random(7), int64[4] apart = {0,3,2,2}, int64[3] together = {0,3,4}>
{ q = MatMul(x, wq) q4 = Reshape(q, apart) qh = Transpose <perm=[0,2,1,3]> (q4)
  k = MatMul(x, wk) k4 = Reshape(k, apart) kh = Transpose <perm=[0,2,3,1]> (k4)
  v = MatMul(x, wv) v4 = Reshape(v, apart) vh = Transpose <perm=[0,2,1,3]> (v4)
  s = MatMul(qh, kh) a = Softmax <axis=-1> (s) heads = MatMul(a, vh)
  t = Transpose <perm=[0,2,1,3]> (heads) j = Reshape(t, together) p = MatMul(j, wo) r = Add(p, x)
  f = MatMul(r, w1) hidden = Relu(f) g = MatMul(hidden, w2) z = Add(g, r)
  m = ReduceMean <axes=[1], keepdims=0> (z) y = MatMul(m, o) }`;

let lit: Explainer;
beforeAll(async () => {
  lit = await load(encodeModelBytes(model(block)), { runtime: await nodeRuntime() });
  return () => lit.release();
});

const x = noise([2, 3, 4], 8, 2);
const map = async (conditions: Condition, only = true) =>
  numbers((await lit.explain(x, { composite: "attnlrp", seed: "logit", target: 0, conditions, only })).relevance);
const added = (maps: readonly (readonly number[])[]) => maps[0]!.map((_, i) => maps.reduce((sum, one) => sum + one[i]!, 0));

test.each([
  ["heads", 1, [[0], [1]]],
  ["hidden", 2, [[0, 2, 4], [1, 3], [5]]],
] as const)("parts of %s add up to what arrives through all of them", async (value, axis, parts) => {
  const through = await map({ [value]: { channels: parts.flat(), axis } });
  expect(Math.hypot(...through)).toBeGreaterThan(1e-3);
  const single = await Promise.all(parts.map((channels) => map({ [value]: { channels, axis } })));
  for (const one of single) expect(Math.hypot(...one.map((v, i) => v - through[i]!))).toBeGreaterThan(1e-4);
  expectClose(added(single), through);
});

test("where the axis is not known it is asked for; named once, for conditions and scores", async () => {
  await expect(map({ heads: [1] })).rejects.toThrow(/no axis is known to count them .*--channel-axis heads=k/);
  const reading = { channelAxis: { heads: 1, hidden: 2 } };
  await using named = await load(lit.bytes, { ...lit.options, reading });
  const asked = { composite: "attnlrp", seed: "logit", target: 0, only: true } as const;
  const { relevance } = await named.explain(x, { ...asked, conditions: { heads: [1], hidden: [2, 3] } });
  expectClose(numbers(relevance), await map({ heads: { channels: [1], axis: 1 }, hidden: { channels: [2, 3], axis: 2 } }));
  const { channels } = await named.explain(x, { ...asked, only: false, channels: ["heads", "hidden"] });
  expect(channels!.heads!.dims).toEqual([2, 2]);
  expect(channels!.hidden!.dims).toEqual([2, 6]);
});

test("one feature at one token; all tokens of it are the feature", async () => {
  const at = (token: number) => map({ hidden: { positions: [[token, 3]] } });
  const tokens = await Promise.all([0, 1, 2].map(at));
  expectClose(added(tokens), await map({ hidden: { channels: [3], axis: 2 } }));
  expectClose(tokens[1]!, await map({ hidden: { neurons: { 3: [1] }, axis: 2 } }));
});

test.each(["lime", "rise", "occlusion", "kernel-shap", "integrated-gradients", "shapley"])(
  "method %s refuses them",
  async (method) => {
    await expect(lit.explain(x, { method, target: 0, conditions: { hidden: [1] } })).rejects.toThrow(
      new RegExp(`conditions with method '${method}'.*asks the model many times`),
    );
  },
);

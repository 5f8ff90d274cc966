/** A map that can only be zero is refused before anything runs, and what works instead is named. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { explain, floats, model } from "../../test/support/run.ts";
import { load } from "../explain/index.ts";
import { encodeModelBytes } from "../onnx/encode.ts";

const HELD =
  "float[3,4] w = random(1), float[4,2] v = random(2), float half = {0.1}, int64[1] one = {1}, float[4,2] table = random(3)";
const net = (nodes: string) =>
  `<ir_version: 8, opset_import: ["" : 17]> net (float[N,3] x) => (float[N,2] y) <${HELD}> { h = MatMul(x, w) ${nodes} }`;
const x = { x: floats([1, 3], [0.4, -0.3, 0.8]) };

describe("every path ends", () => {
  const ENDS: readonly (readonly [string, string, RegExp])[] = [
    ["at a comparison", "c = Greater(h, half) f = Cast <to=1> (c) y = MatMul(f, v)", /ends at Cast 'f'/],
    ["at a winner's position", "i = ArgMin <axis=1, keepdims=0> (h) y = Gather(table, i)", /ends at Gather 'y'/],
    ["at the indices of TopK", "t, i = TopK <axis=1> (h, one) s = Squeeze(i, one) y = Gather(table, s)", /ends at Gather 'y'/],
    ["at rounding", "r = Round(h) y = MatMul(r, v)", /ends at Round 'r'/],
    ["at several", "r = Round(h) f = Floor(h) a = Add(r, f) y = MatMul(a, v)", /and at 1 more/],
  ];
  test.each(ENDS)("%s", async (_, nodes, why) => {
    for (const recipe of [{}, { method: "gradient" as const }, { method: "deeplift" as const }, { method: "attnlrp" as const }]) {
      const failed = await explain(net(nodes), x, { recipe }).catch((error: Error) => error);
      expect(failed).toMatchObject({ _tag: "Unsupported", message: expect.stringMatching(why) });
      expect((failed as Error).message).toMatch(/relevance could only be zero \('x'\).*--method shapley or kernel-shap/);
    }
    await using lit = await load(encodeModelBytes(model(net(nodes))), { runtime: await nodeRuntime() });
    const asked = await lit.explain(x, { method: "shapley" });
    expect(asked.relevance.data).toHaveLength(3);
    expect(asked.notices.join()).not.toMatch(/detached/);
  });

  test("at a rule that holds everything fixed", async () => {
    const recipe = { rules: [{ match: { op: "Relu" }, rule: { name: "detach" } }] };
    await expect(explain(net("r = Relu(h) y = MatMul(r, v)"), x, { recipe })).rejects.toThrow(/could only be zero/);
  });
});

test("one path is enough", async () => {
  const { relevance } = await explain(net("c = Greater(h, half) f = Cast <to=1> (c) m = Mul(h, f) y = MatMul(m, v)"), x);
  expect(relevance.some((r) => r !== 0)).toBe(true);
});

test("a refusal of an operator names what works, which says nothing of it", async () => {
  const text = net("sq = MatMul(t, h) d = Det(sq) m = Mul(h, d) y = MatMul(m, v)").replace(
    "h = MatMul(x, w)",
    "h = MatMul(x, w) t = Transpose(h)",
  );
  await expect(explain(text, x)).rejects.toThrow(/cannot explain through Det.*--method shapley or kernel-shap/);
  await using lit = await load(encodeModelBytes(model(text)), { runtime: await nodeRuntime() });
  const { notices, relevance } = await lit.explain(x, { method: "occlusion" });
  expect(notices.join()).not.toMatch(/detached/);
  expect((relevance.data as Float32Array).every(Number.isFinite)).toBe(true);
});

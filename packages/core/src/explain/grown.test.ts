import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { floats, model } from "../../test/support/run.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { load } from "./index.ts";

/** What `thin` makes nearly cancels: ε divides by next to nothing. */
const text = (
  b: number,
) => `<ir_version: 8, opset_import: ["" : 17]> net (float[N,2] x) => (float[N,1] y) <float[2,1] w = {1, -1}, float[1] b = {${b}}, float[1,1] v = {1}> {
  h = MatMul(x, w) thin = Add(h, b) y = MatMul(thin, v) }`;
const notices = async (x: number[], b: number) => {
  await using lit = await load(encodeModelBytes(model(text(b))), { runtime: await nodeRuntime() });
  return (await lit.explain(floats([1, 2], x), { composite: "epsilon", ledger: true, target: 1 })).notices.filter((s) =>
    s.includes("arrives at the input"),
  );
};

test("more than ten times what leaves the head is said, with the layer", async () => {
  const [said] = await notices([1, 2], 1.01); // h = −1, h + b = 0.01
  expect(said).toMatch(
    /^[\d,]{5,7} % of what leaves the head arrives at the input; most of it is added at node '(h|thin)' \(MatMul, epsilon\)/,
  );
});

test("less is nothing to speak of", async () => {
  expect(await notices([1, 2], 1.5)).toEqual([]); // twice
});

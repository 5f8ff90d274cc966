import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { parseModel } from "../../onnx/parse-text.ts";
import { doubled } from "./index.ts";
import { sumsKernels } from "./kernel-sums.ts";

/** Two terms of 10⁷ that differ by a hundredth. */
const LARGE = parseModel(`<opset_import: ["" : 17]> net (float[N,2] x) => (float[N,1] f)
  <float[1,2,2] vectors = {1,0,0,1}, int64[1] one = {1}, int64[1] last = {2}, float[2,1] alpha = {10000000,-10000000}, float[1] b = {0}>
  { wide = Unsqueeze(x, one) least = Min(wide, vectors) sum = ReduceSum<keepdims=0>(least, last) f = Gemm(sum, alpha, b) }`);
const DENSE = parseModel(`<opset_import: ["" : 17]> net (float[N,2] x) => (float[N,1] f)
  <float[2,2] w = {1,0,0,1}, float[2,1] v = {1,-1}, int64[1] last = {1}>
  { h = Gemm(x, w) bent = Tanh(h) s = ReduceSum(bent, last) n = Div(bent, s) f = MatMul(n, v) }`);

describe("sums over kernels", () => {
  test("are told from layers", () => {
    expect(sumsKernels(LARGE)).toBe(true);
    expect(sumsKernels(DENSE)).toBe(false);
  });

  test("are computed in float64, and handed out in float32", async () => {
    const runtime = await nodeRuntime();
    const { encodeModelBytes } = await import("../../onnx/encode.ts");
    const x = { x: { type: "float32" as const, dims: [1, 2], data: Float32Array.of(0.1, 0.7) } };
    await using session = await runtime.createSession(encodeModelBytes((await doubled(LARGE, LARGE, runtime))!));
    const { f } = await session.run(x);
    const exact = 1e7 * (Math.fround(0.1) + 0 - (0 + Math.fround(0.7)));
    expect(f).toMatchObject({ type: "float32", dims: [1, 1] });
    expect(f!.data[0]).toBe(Math.fround(exact));
  });
});

import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/runtime/node.ts";
import { floats } from "../../test/support/run.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { parseModel } from "../onnx/parse-text.ts";
import { load } from "./index.ts";

const explained = async (nodes: string, method = "lrp") => {
  const bytes = encodeModelBytes(
    parseModel(
      `net (float[N,2] x) => (float[N,2] y) <float[2,2] w = {1, 2, 3, 4}, float[2,2] huge = {1e38, 1, 1, 1}> { ${nodes} }`,
    ),
  );
  await using lit = await load(bytes, { runtime: await nodeRuntime() });
  return await lit.explain(floats([1, 2], [9, -9]), { method });
};

test("a result that is NaN is an error, whatever the method; what is infinite is not", async () => {
  const overflow = "a = MatMul(x, huge) b = MatMul(a, huge) c = Sub(b, b) y = MatMul(c, w)";
  for (const method of ["lrp", "gradient", "integrated-gradients"])
    await expect(explained(overflow, method)).rejects.toMatchObject({
      _tag: "BadModel",
      message: expect.stringMatching(/^the output is NaN \(2 of 2 values\): the input is finite/),
    });
  expect((await explained("y = MatMul(x, w)")).notices.join()).not.toMatch(/finite/);
  const infinite = await explained("a = MatMul(x, w) l = Relu(a) b = Log(l) y = Min(b, a)", "gradient-x-input");
  expect(Math.min(...(infinite.output.data as Float32Array))).toBe(Number.NEGATIVE_INFINITY);
});

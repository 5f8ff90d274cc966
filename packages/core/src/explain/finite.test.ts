import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
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

test("relevance that is infinite is counted and told, and what is very large is not", async () => {
  const weights = (large: string) =>
    `net (float[N,2] x) => (float[N,2] y) <float[2,2] a = {${large}, 1, 0, 1}, float[2] b = {${large}, 1}> { h = MatMul(x, a) y = Mul(h, b) }`;
  const told = async (large: string) => {
    await using lit = await load(encodeModelBytes(parseModel(weights(large))), { runtime: await nodeRuntime() });
    const { relevance, notices, output } = await lit.explain(floats([1, 2], [1e-3, 1]), { method: "gradient", target: 0 });
    return {
      relevance: [...(relevance.data as Float32Array)],
      notices: notices.join("\n"),
      output: [...(output.data as Float32Array)],
    };
  };
  const over = await told("3e19");
  expect(over.relevance).toEqual([Number.POSITIVE_INFINITY, 0]);
  expect(over.output.some(Number.isNaN)).toBe(false);
  expect(over.notices).toMatch(/relevance of 'x' is not finite at 1 of 2 values/);
  const under = await told("1e19");
  expect(under.relevance[0]).toBeCloseTo(1e38, -33);
  expect(under.notices).not.toMatch(/finite/);
});

const attention = async (guard: string, mask: readonly number[], method: string) => {
  const text = `net (float[N,3,2] x, int64[N,1,3] mask) => (float[N,2] y) <float[2,2] w = {1, 2, 3, 4}, int64 nought = {0}, float low = {-inf}, float zero = {0}, int64[1] axis = {1}> {
    k = Transpose <perm=[0,2,1]> (x) s = MatMul(x, k) c = Equal(mask, nought) t = Where(c, low, s) ["attn"] p0 = Softmax <axis=-1> (t) ${guard} o = MatMul(p, x) r = ReduceSum <keepdims=0> (o, axis) y = MatMul(r, w) }`;
  await using lit = await load(encodeModelBytes(parseModel(text)), { runtime: await nodeRuntime() });
  const n = mask.length / 3;
  const x = floats(
    [n, 3, 2],
    Array.from({ length: 6 * n }, (_, i) => Math.sin(i)),
  );
  return await lit.explain(
    { x, mask: { type: "int64", dims: [n, 1, 3], data: BigInt64Array.from(mask, BigInt) } },
    { method, target: 1, explain: ["x"] },
  );
};

test.each(["gradient", "attnlrp", "integrated-gradients"])(
  "what is no number is named with its node and cause (%s)",
  async (method) => {
    const { notices, relevance } = await attention("p = Identity(p0)", [1, 1, 0, 0, 0, 0], method);
    expect(notices.join("\n")).toMatch(
      /the output is NaN at 2 of 4 values: Softmax 'attn' makes NaN: a row of scores that are all −∞/,
    );
    expect([...(relevance.data as Float32Array)].slice(0, 6).every(Number.isFinite)).toBe(true);
    await expect(attention("p = Identity(p0)", [0, 0, 0], method)).rejects.toThrow(
      /the output is NaN .*Softmax 'attn' makes NaN/,
    );
    const guarded = await attention("n = IsNaN(p0) p = Where(n, zero, p0)", [1, 1, 0, 0, 0, 0], method);
    expect(guarded.notices.join()).not.toMatch(/NaN|finite/);
  },
);

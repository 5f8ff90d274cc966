import { describe, expect, test } from "vitest";
import { isBacklitError } from "../errors.ts";
import { parseModel } from "../onnx/parse-text.ts";
import type { TensorProto } from "../onnx/proto.ts";
import { checkWeights } from "./weights.ts";

const said = (text: string, edit: (tensor: TensorProto) => TensorProto = (tensor) => tensor): string => {
  const { graph } = parseModel(text);
  try {
    checkWeights({ ...graph, initializer: graph.initializer.map(edit) });
  } catch (error) {
    if (isBacklitError(error, "BadModel")) return error.message;
    throw error;
  }
  return "";
};
const net = (held: string, nodes = "") => `net (float[N,2] x) => (float[] y) <${held}> { ${nodes} y = Mul(x, w) }`;

describe("weights that are NaN", () => {
  test.each(["float", "double", "float16", "bfloat16"])("%s, by name and element", (type) => {
    expect(said(net(`${type}[2,2] w = {1, inf, -inf, nan}`))).toBe(
      `a weight is NaN ('w' ${type}[2,2], element 3): what is computed from it means nothing: train or export the model again`,
    );
    expect(said(net(`${type}[2,2] w = {1, inf, -inf, 2}`))).toBe("");
  });

  test("wherever they lie: unaligned, as numbers, in a Constant, in a branch, far back", () => {
    const shifted = (tensor: TensorProto) => {
      const bytes = new Uint8Array(tensor.rawData!.length + 3);
      bytes.set(tensor.rawData!, 3);
      return { ...tensor, rawData: bytes.subarray(3) };
    };
    expect(said(net("float[2] w = {1, nan}"), shifted)).toMatch(/element 1/);
    const numbers = ({ rawData: _, ...rest }: TensorProto) => ({ ...rest, floatData: [1, Number.NaN] });
    expect(said(net("float[2] w = {1, 2}"), numbers as never)).toMatch(/element 1/);
    expect(said(net("float w = {1}", "c = Constant <value = float[2] {nan, 1}> ()"))).toMatch(/'c' float\[2\], element 0/);
    const branch = "then_branch = t () => (a) <float[2] v = {1, nan}> { a = Relu(v) }";
    expect(said(net("float w = {1}", `b = If <${branch}> (x)`))).toMatch(/'v'/);
    const large = Float32Array.from({ length: 300_000 }, (_, i) => (i === 250_000 ? Number.NaN : i));
    const far = (tensor: TensorProto) => ({ ...tensor, dims: [300_000], rawData: new Uint8Array(large.buffer) });
    expect(said(net("float[1] w = {1}"), far)).toMatch(/element 250000/);
  });

  test("a single one may stand for a missing value", () => expect(said(net("float w = {nan}"))).toBe(""));
});

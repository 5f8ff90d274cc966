/** What a model may become: beyond it an error that says how much it would have been, before it has become that. */

import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { model } from "../../test/support/run.ts";
import { planModel } from "../compile/index.ts";
import { attr, makeTensor, parseModel } from "../onnx/index.ts";
import type { FunctionProto, NodeProto } from "../onnx/proto.ts";
import { BUDGETS, type Budgets } from "./budget.ts";
import { prepare } from "./prepare.ts";

const prepared = async (source: Parameters<typeof model>[0], budgets: Budgets = {}) =>
  prepare(model(source), await nodeRuntime(), { budgets });
const refusal = (source: Parameters<typeof model>[0], budgets?: Budgets) =>
  prepared(source, budgets).then(
    () => "no error",
    (error) => error.message,
  );

/** Functions that call the one before twice: 2^depth nodes of two. */
const doubling = (depth: number) => {
  const plain = parseModel(
    `<ir_version: 9, opset_import: ["": 17, "own": 1]> net (float[N,2] x) => (float[N,2] y) { y = Relu(x) }`,
  );
  const call = (opType: string, input: string, output: string): NodeProto => ({
    ...{ opType, domain: "own", name: "", input: [input], output: [output], attribute: [] },
  });
  const functions = Array.from({ length: depth }, (_, i): FunctionProto => {
    const node = i === 0 ? ["a", "b"].map((out, k) => ({ ...call("Relu", k === 0 ? "x" : "a", out), domain: "" })) : [];
    const calls = i === 0 ? node : [call(`f${i - 1}`, "x", "a"), call(`f${i - 1}`, "a", "b")];
    return {
      ...{ name: `f${i}`, domain: "own", input: ["x"], output: ["b"], attribute: [], attributeProto: [], node: calls },
      opsetImport: plain.opsetImport,
    };
  });
  return { ...plain, functions, graph: { ...plain.graph, node: [call(`f${depth - 1}`, "x", "y")] } };
};

test("inlined nodes are counted before they are written", async () => {
  expect(await refusal(doubling(18))).toMatch(
    /inlined the model has 262,144 nodes: at most 200,000 are written: .*--allow nodes=N/,
  );
  expect(await refusal(doubling(100))).toMatch(/has 1\.3e\+30 nodes/);
  expect((await prepared(doubling(5))).model.graph.node).toHaveLength(32);
  expect(await refusal(doubling(5), { nodes: 31 })).toMatch(/has 32 nodes: at most 31/);
});

test("loops in loops share one budget; more is allowed where it is asked for", async () => {
  const nested = (n: number) => `net (float[1,3] x) => (float[] y) <int64 n = {${n}}, bool on = {1}> {
    y = Loop <body = outer (int64 i, bool c, float[] h) => (bool c2, float[] h3) { c2 = Identity(c)
      h3 = Loop <body = inner (int64 j, bool d, float[] v) => (bool d2, float[] v2) { d2 = Identity(d) v2 = Tanh(v) }> (n, on, h)
    }> (n, on, x) }`;
  const left = async (n: number, budgets?: Budgets) => [...(await prepared(nested(n), budgets)).facts.left!.values()];
  expect(await left(8)).toEqual([]);
  expect((await left(8, { nodes: 100 }))[0]).toMatch(/^unrolled it is 16 nodes \(8 steps\), and at most 100 are written in all/);
  expect((await left(8, { steps: 7 }))[0]).toMatch(/^it takes 8 steps, and at most 7 are unrolled \(--allow steps=N/);
});

test("constants computed from a shape are not written into the model without bounds", async () => {
  const grown = (
    size: number,
  ) => `net (float[N,1] x) => (float[N,${size}] y) <int64[2] shape = {1, ${size}}, float[1] half = {0.5}>
    { big = Expand(half, shape) y = Mul(x, big) }`;
  const refused = /constants of 8 MB .* own weights are 0 MB, and at most 4 MB .*--allow bytes=N/;
  expect(await refusal(grown(2_000_000), { bytes: 4e6 })).toMatch(refused);
  expect(BUDGETS.bytes).toBe(2 ** 28);
  expect(await refusal(grown(1000), { bytes: 1000 })).toMatch(/constants of 0 MB/);
  expect(await refusal(grown(1000))).toBe("no error");
});

test("nor are copies of what a function holds", async () => {
  const source = doubling(4);
  const tensor = makeTensor("", { type: "float32", dims: [1000], data: new Float32Array(1000) });
  const constant: NodeProto = { ...source.functions[0]!.node[0]!, opType: "Constant", input: [], output: ["w"] };
  const holding = { ...constant, attribute: [attr.tensor("value", tensor)] };
  const [first, ...others] = source.functions;
  const filled = { ...source, functions: [{ ...first!, node: [holding, ...first!.node] }, ...others] };
  expect(await refusal(filled, { bytes: 10_000 })).toMatch(/^constants of 0 MB .* \(budgets\.bytes\)$/);
  expect(await refusal(filled)).toBe("no error");
});

test("matrices of Resize are counted before they are written; blocks that are copied need none", async () => {
  const resize = (mode: string, to: number) => `<ir_version: 8, opset_import: ["" : 17]>
    net (float[1,1,2,60] x) => (float[1,1,2,${to}] y) <int64[4] sizes = {1,1,2,${to}}> { y = Resize <mode="${mode}", coordinate_transformation_mode="asymmetric", nearest_mode="floor"> (x, "", "", sizes) }`;
  const planned = async (mode: string, to: number, weights: number) => {
    const lowered = await prepared(resize(mode, to), { weights });
    try {
      return planModel(lowered).plan.steps.length;
    } catch (error) {
      return (error as Error).message;
    }
  };
  for (const mode of ["linear", "cubic", "nearest"]) {
    expect(await planned(mode, 100, 5999)).toMatch(/Resize.*a matrix of 6,000 weights, and at most 5,999.*--allow weights=N/);
    expect(await planned(mode, 100, 6000)).toBe(1);
  }
  expect(await planned("nearest", 120, 10)).toBe(1);
  expect(BUDGETS.weights).toBe(2 ** 26);
});

import { describe, expect, test } from "vitest";
import { parseModel } from "../onnx/parse-text.ts";
import { readTensor } from "../onnx/tensors.ts";
import { Builder, float } from "./builder.ts";
import { Facts } from "./facts.ts";
import { graphOf } from "./graph.ts";

const graph = graphOf(parseModel("net (float[N,3] x) => (float[N,3] y) <float[3] w = {1,2,3}> { a = Relu(x) y = Mul(a, w) }"));
const build = (shapes: Record<string, readonly (number | null)[]> = {}) => {
  const facts = new Facts(graph, {
    shapes: new Map(Object.entries({ x: [null, 3], ...shapes })),
    values: new Map(),
    types: new Map(),
    notices: [],
  });
  return new Builder(facts, ["x", "y", "a", "w", "bl:Relu:0"]);
};
const ops = (g: Builder) => g.nodes.map((node) => node.opType);

describe("reuse", () => {
  test("the same operation is written once; other attributes, inputs or outputs are others", () => {
    const g = build();
    expect(g.relu("x")).toBe(g.relu("x"));
    expect(g.op("Flatten", ["x"], { axis: 1 })).not.toBe(g.op("Flatten", ["x"], { axis: 0 }));
    expect(g.op("Elu", ["x"], { alpha: float(1) })).toBe(g.op("Elu", ["x"], { alpha: float(1) }));
    expect(g.op("Elu", ["x"], { alpha: float(1) })).not.toBe(g.op("Elu", ["x"], { alpha: 1 }));
    expect(g.ops("Split", ["x"], { axis: 1 }, 2)).not.toEqual(g.ops("Split", ["x"], { axis: 1 }, 3));
    expect(g.add("x", "w")).not.toBe(g.add("w", "x"));
    // The order of attributes says nothing.
    expect(g.op("Pad", ["x"], { a: 1, b: 2 })).toBe(g.op("Pad", ["x"], { b: 2, a: 1 }));
  });

  test("nodes of the model are reused where they have one output", () => {
    const g = build();
    g.know(graph.nodes);
    expect(g.relu("x")).toBe("a");
    expect(g.nodes).toEqual([]);
  });

  test("random nodes and nodes with subgraphs never are", () => {
    const g = build();
    expect(g.op("RandomUniformLike", ["x"])).not.toBe(g.op("RandomUniformLike", ["x"]));
    const branch = graphOf(parseModel("net (bool c) => (float y) { y = If(c) <then_branch = t () => (float a) { a = Exp(x) }> }"))
      .nodes[0]!;
    expect(g.emit(branch)).not.toEqual(g.emit(branch));
  });

  test("constants by number, shape and sign of zero", () => {
    const g = build();
    expect(g.floats(1)).toBe(g.floats(1));
    expect(g.floats(1)).not.toBe(g.floats([1]));
    expect(g.floats([1, 2], [2, 1])).not.toBe(g.floats([1, 2]));
    expect(g.floats(0)).not.toBe(g.floats(-0));
    expect(g.floats(1)).not.toBe(g.ints(1));
    expect(g.constants.map((t) => [t.dims, readTensor(t).type])).toContainEqual([[2, 1], "float32"]);
  });
});

test("names avoid those that are taken", () => {
  const g = build();
  expect(g.relu("x")).toBe("bl:Relu:1");
  expect(new Set([g.name("a"), g.name("a"), g.name("a")]).size).toBe(3);
});

describe("shorthands write nothing where nothing is to do", () => {
  test("factor 1, the identity permutation, no axes", () => {
    const g = build();
    expect([g.scale("x", 1), g.transpose("x", [0, 1]), g.reduceSum("x", [])]).toEqual(["x", "x", "x"]);
    expect(g.nodes).toEqual([]);
  });

  test("a reshape with one free size is constant, with two it copies another value's", () => {
    const g = build({ v: [null, null, 4] });
    g.reshape("x", [null, 3, 1]);
    expect(ops(g)).toEqual(["Reshape"]);
    expect(() => g.reshape("x", [null, null, 4])).toThrow();
    g.reshape("x", [null, null, 4], "v");
    expect(ops(g)).toEqual(["Reshape", "Shape", "Reshape"]);
  });

  test("shapes are constants where they are static, and ones have a batch of 1", () => {
    const g = build({ s: [2, 3], v: [null, 3, null] });
    g.shape("s");
    expect(ops(g)).toEqual([]);
    g.shape("v");
    g.filled(g.floats(1), "x");
    expect(ops(g)).toEqual(["Shape", "Expand"]);
    g.filled(g.floats(1), "v");
    expect(ops(g)).toEqual(["Shape", "Expand", "Shape", "Concat", "Expand"]);
  });
});

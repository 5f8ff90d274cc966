import { describe, expect, test } from "vitest";
import { parseModel } from "../onnx/parse-text.ts";
import { constantValues, Facts, sizeOf, type TraceFacts } from "./facts.ts";
import { graphOf, nodeLabel, opName, valuesRead } from "./graph.ts";

const traced = (shapes: Record<string, readonly (number | null)[]> = {}): TraceFacts => ({
  shapes: new Map(Object.entries(shapes)),
  values: new Map(),
  types: new Map(),
  notices: [],
});

describe("graph", () => {
  test("Constant nodes are initializers, initializers that are inputs are no inputs", () => {
    const graph = graphOf(
      parseModel(
        "net (float[2] x, float[2] w) => (float[2] y) <float[2] w = {1,2}> { c = Constant <value = float[2] {3,4}> () a = Mul(x, w) y = ai.onnx.Add(a, c) }",
      ),
    );
    expect(graph.inputs.map(({ name }) => name)).toEqual(["x"]);
    expect([...graph.initializers.keys()]).toEqual(["w", "c"]);
    expect(graph.nodes.map((node) => [opName(node), node.origin])).toEqual([
      ["Mul", 1],
      ["Add", 2],
    ]);
    expect(nodeLabel(graph.nodes[1]!)).toBe("y");
  });

  test("a node reads what its subgraphs capture", () => {
    const graph = graphOf(
      parseModel(
        "net (bool c, float[2] x) => (float[2] y) { y = If(c) <then_branch = t () => (float[2] a) { b = Neg(x) a = Relu(b) }, else_branch = e () => (float[2] z) { z = Exp(q) }> }",
      ),
    );
    expect(new Set(valuesRead(graph.nodes[0]!))).toEqual(new Set(["c", "x", "q"]));
  });
});

describe("constants by reachability", () => {
  test("Shape and Size cut the dependence; random values are never constant", () => {
    const graph = graphOf(
      parseModel(
        "net (float[N] x) => (float[] y) <float[2] w = {1,2}> { s = Shape(x) n = Size(x) a = Add(s, n) r = RandomUniformLike(w) b = Mul(r, w) c = Neg(w) y = Mul(x, c) }",
      ),
    );
    expect(constantValues(graph)).toEqual(new Set(["s", "n", "a", "c"]));
  });

  test("the shape of what the values of the input size is no constant, nor is that of what follows", () => {
    const graph = graphOf(
      parseModel(
        `net (float[N] x, int64[2] d) => (float[] y) <int64[1] two = {2}> { p = NonZero(x) q = Transpose(p) s = Shape(q) t = Add(s, two)
          e = Expand(x, t) f = Shape(e) g = ConstantOfShape(d) h = Size(g) i = Expand(x, two) k = Shape(i) y = Mul(x, x) }`,
      ),
    );
    expect(constantValues(graph)).toEqual(new Set(["k"]));
  });

  test("numbers, scalars and what is recorded later", () => {
    const graph = graphOf(
      parseModel('net (float[N] x) => (float[] y) <float[2] w = {1,2}, int64 k = {-3}, string t = {"a"}> { y = Mul(x, w) }'),
    );
    const facts = new Facts(graph, traced({ x: [null] }));
    expect(facts.numbers("w")).toEqual([1, 2]);
    expect(facts.scalar("k")).toBe(-3);
    expect([facts.scalar("w"), facts.numbers("t"), facts.numbers("x"), facts.numbers("")]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(facts.isConstant("y")).toBe(false);
    facts.add("made", [2, 3]);
    facts.set("held", { type: "float32", dims: [1], data: Float32Array.of(7) });
    expect([facts.isConstant("made"), facts.shapeOf("made"), facts.scalar("held"), facts.shapeOf("held")]).toEqual([
      true,
      [2, 3],
      7,
      [1],
    ]);
    expect(() => facts.shapeOf("y")).toThrow(/no shape known/);
  });

  test("external weights have a shape but no numbers", () => {
    const graph = graphOf(
      parseModel('net (float[N,2] x) => (float[] y) <float[2,2] w = ["location": "w.bin"]> { y = MatMul(x, w) }'),
    );
    const facts = new Facts(graph, traced());
    expect([facts.shapeOf("w"), facts.numbers("w"), facts.isConstant("w")]).toEqual([[2, 2], undefined, true]);
  });

  test("a size with a dynamic factor is unknown", () => {
    expect([sizeOf([]), sizeOf([2, 3]), sizeOf([2, null])]).toEqual([1, 6, null]);
  });
});

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { model } from "../../test/support/model-arbitrary.ts";
import { getTensor } from "./attributes.ts";
import { decodeModel } from "./decode.ts";
import { randomValues } from "./parse-tensors.ts";
import { parseModel } from "./parse-text.ts";
import { readFloats, readInts, readTensor } from "./tensors.ts";
import { printModel, printNode } from "./text.ts";

const everything = `<ir_version: 9, opset_import: ["" : 17, "local" : 1], producer_name: "backlit">
agraph (float[N,3,8,8] x, int64[?] t, float s, float[] r) => (float[N,10] y)
<float[2,2] w = {0.1, -2.0, 1e-7, inf},
 float16[1] h = {0.5},
 int64[2] shape = {1, -1},
 string[2] words = {"a\\"b", "ä"},
 float[4] far = ["location" : "w.bin", "offset" : "16"],
 float[N] z>
{
  [conv] z = Conv <pads = [1, 1, 1, 1], auto_pad = "NOTSET", alpha = 1.0> (x, w, "")
  a, "", "/b/0" = com.microsoft.Fused <value = int64[2] {1, 2}, none: ints = [], scales = [0.5, 2.0]> ()
  y = If <then_branch = t () => (o) {
    o = Relu (z)
  }, else_branch = e () => (o) {
    o = local.Twice:fast <k: float = @k> (z)
  }> (c)
}

<domain: "local", overload: "fast", opset_import: ["" : 17]>
Twice <j, k = 2.0> (x) => (y) {
  y = Add (x, x)
}`;

describe("print and parse", () => {
  test("every construct reads as it is printed", () => {
    expect(printModel(parseModel(everything), { maxElements: Number.POSITIVE_INFINITY })).toBe(everything);
  });

  test("random models", () => {
    fc.assert(
      fc.property(model({ extras: false }), (message) => {
        expect(parseModel(printModel(message, { maxElements: Number.POSITIVE_INFINITY }))).toEqual(message);
      }),
      { numRuns: 300 },
    );
  });

  test("a real model", () => {
    const file = new URL("../../../../models/digits/model.onnx", import.meta.url);
    const text = printModel(decodeModel(new Uint8Array(readFileSync(file))), { maxElements: 1e9 });
    expect(printModel(parseModel(text), { maxElements: 1e9 })).toBe(text);
  });

  test("long tensors are cut, and cannot be parsed by mistake", () => {
    const message = parseModel("g () => (y) <float[20] w = random(1)> { y = Op <value = int64[3] {1, 2, 3}> (w) }");
    const text = printModel(message, { maxElements: 0 });
    expect(text).toContain("float[20] w = {…}");
    expect(() => parseModel(text)).toThrow(/line 3, column 17.*left-out elements/);
    expect(printNode(message.graph.node[0]!, { maxElements: 2 })).toBe("y = Op <value = int64[3] {1, 2, …}> (w)");
  });

  test("a broken tensor can still be printed", () => {
    const { graph } = parseModel("g () => (y) { y = Op <value = float[2] {1, 2}> () }");
    const t = { ...getTensor(graph.node[0]!, "value")!, dims: [7] };
    expect(printNode({ ...graph.node[0]!, attribute: [{ name: "value", type: 4, t }] })).toBe("y = Op <value = float[7] {…}> ()");
  });
});

describe("parse", () => {
  test("shorthands: no header, comments, omitted inputs, ints in float lists", () => {
    const { irVersion, opsetImport, graph } = parseModel(`
      # a comment
      g (x) => (y) { y = Op (x, , z) <scales = [1, 0.5], f: float = 2> # another }
      }`);
    expect([irVersion, opsetImport]).toEqual([9, [{ domain: "", version: 17 }]]);
    expect(graph.node[0]!.input).toEqual(["x", "", "z"]);
    expect(graph.node[0]!.attribute).toEqual([
      { name: "scales", type: 6, floats: [1, 0.5] },
      { name: "f", type: 1, f: 2 },
    ]);
  });

  test("numbers of every type", () => {
    const { initializer } = parseModel(`g () => () <
      float16[2] h = {0.5, -inf}, bfloat16[1] b = {1.5}, double[1] d = {0.1}, uint8[1] u = {255}, int64[1] i = {-9223372036854775808}
    > {}`).graph;
    const [h, b, d, u, i] = initializer;
    expect(readFloats(h!)).toEqual(Float32Array.of(0.5, Number.NEGATIVE_INFINITY));
    expect(readFloats(b!)).toEqual(Float32Array.of(1.5));
    expect(readFloats(d!)).toEqual(Float64Array.of(0.1));
    expect(readInts(u!)).toEqual([255]);
    expect(readTensor(i!).data).toEqual(BigInt64Array.of(-(2n ** 63n)));
  });

  test("random weights are the same each time, small, spread and different per seed", () => {
    const weights = (seed: number) => {
      const { initializer } = parseModel(`g () => () <float[10,100] w = random(${seed})> {}`).graph;
      return readFloats(initializer[0]!);
    };
    expect(weights(3)).toEqual(weights(3));
    for (const seed of [0, 1, 2, 12345]) {
      const values = [...weights(seed)];
      expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.5);
      expect(Math.max(...values)).toBeLessThan(0.5);
      expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / 1000)).toBeLessThan(0.04);
      expect(values.reduce((sum, value) => sum + value * value, 0) / 1000).toBeCloseTo(1 / 12, 1);
      expect(values).not.toEqual([...weights(seed + 1)]);
    }
    expect(randomValues(1, 3)).toHaveLength(3);
  });

  test.each([
    ["g (x => (y) {}", '(line 1, column 6): ")" is expected, not "=>"'],
    ["g (x) => (y) {\n  y = Relu x\n}", '(line 2, column 12): "(" is expected, not "x"'],
    ["g (x) => (y) {", "line 1, column 15"],
    ["g (flaot[2] x) => (y) {}", '(line 1, column 9): ")" is expected'],
    ["<ir: 9> g () => () {}", "ir_version, opset_import"],
    ["<constructor: 9> g () => () {}", "ir_version, opset_import"],
    ["g () => () <float[2] w = {1}> {}", "1 elements are given where 2 belong"],
    ["g () => () <int8[1] w = {300}> {}", "300 is no int8"],
    ["g () => () <int8[1] w = {1.5}> {}", "1.5 is no int8"],
    ["g () => () <float[N] w = random(1)> {}", "no names or unknowns"],
    ["g () => () <float[100000,100000] w = random(1)> {}", "too many elements"],
    ["g () => (y) { y = Op <a = []> () }", "an empty list needs a type"],
    ['g () => (y) { y = Op <a = [1, "b"]> () }', "different types"],
    ["g () => (y) { y = Op <a: int = 1.5> () }", "another type"],
    ["g () => (y) { y = Op <a: number = 1> () }", "no attribute has this type"],
    ['g () => (y) { y = Op <a = "unclosed> () }', '(line 1, column 27): "\\"" was not expected'],
  ])("%s", (text, message) => {
    expect(() => parseModel(text)).toThrow(message);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeModel } from "./decode.ts";
import { encodeModelBytes } from "./encode.ts";
import { externalRange, isExternal } from "./external.ts";
import { externalFiles, externalSizes, relocated } from "./external-files.ts";
import { parseModel } from "./parse-text.ts";
import type { ModelProto, TensorProto } from "./proto.ts";
import { externalOf, filesOf, offsetIn, pointingInto } from "./source.ts";
import { floatTensor, readTensor } from "./tensors.ts";
import { withWeightFile } from "./weight-file.ts";

const plain = parseModel("net (float[1] x) => (float[1] y) { y = Relu(x) }");
const withTensors = (...initializer: TensorProto[]): ModelProto => ({ ...plain, graph: { ...plain.graph, initializer } });
const numbers = (n: number, first = 0) => Float32Array.from({ length: n }, (_, i) => first + i);

const large = floatTensor("large", [1000], numbers(1000));
const small = floatTensor("small", [8], numbers(8));
const counted: TensorProto = { name: "counted", dims: [300], dataType: 1, floatData: Array.from(numbers(300)) };
const bytes = encodeModelBytes(withTensors(large, small, counted));
const file = { name: "model.onnx", bytes };

describe("pointing into the original", () => {
  const model = decodeModel(bytes);
  const made = floatTensor("made", [500], numbers(500));
  const pointed = pointingInto({ ...model, graph: { ...model.graph, initializer: [...model.graph.initializer, made] } }, file);

  test("large weights that are bytes of the file stay there; all else is carried along", () => {
    expect(pointed.graph.initializer.map((t) => [t.name, isExternal(t)])).toEqual([
      ["large", true],
      ["small", false],
      ["counted", false],
      ["made", false],
    ]);
    const external = externalOf({ externalData: new Map([[file.name, bytes]]) });
    expect(readTensor(pointed.graph.initializer[0]!, external).data).toEqual(numbers(1000));
    expect(encodeModelBytes(pointed).length).toBeLessThan(bytes.length);
  });

  test("the place is found wherever the bytes lie in their buffer", () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.nat(40), (before, offset, length) => {
        const whole = new Uint8Array(200).subarray(before, before + 60);
        const fits = offset + length <= 60;
        expect(offsetIn(whole, new Uint8Array(whole.buffer, before + offset, length))).toBe(fits ? offset : undefined);
        expect(offsetIn(whole, new Uint8Array(length))).toBeUndefined();
      }),
    );
  });

  test("no file, no change; a name that is no location is refused", () => {
    expect(pointingInto(model, undefined)).toBe(model);
    expect(() => pointingInto(model, { name: "a#1.onnx", bytes })).toThrow(/no path inside/);
  });

  test("a session is told the folder, or given the files", () => {
    expect(filesOf({ file, folder: "here" })).toEqual({ folder: "here" });
    expect(filesOf({ file, externalData: new Map([["w.bin", bytes]]) }).externalData).toEqual(
      new Map([
        ["w.bin", bytes],
        ["model.onnx", bytes],
      ]),
    );
    expect(filesOf({})).toEqual({});
  });
});

describe("a weight file of its own", () => {
  test("is laid out in pages, without holding anything", () => {
    const source = parseModel(`net (float[1] x) => (float[1] y)
      <float[2000] far = ["location": "w.bin", "offset": "8", "length": "8000"]> { y = Relu(x) }`);
    const initializer = [...source.graph.initializer, large, small];
    const { model, parts } = withWeightFile({ ...source, graph: { ...source.graph, initializer } }, "out.data");
    expect(parts).toEqual([
      { offset: 0, length: 8000, from: { location: "w.bin", offset: 8, length: 8000 } },
      { offset: 8192, length: 4000, from: large.rawData },
    ]);
    expect(model.graph.initializer.map((t) => (isExternal(t) ? externalRange(t).offset : "inside"))).toEqual([0, 8192, "inside"]);
    expect([...externalFiles(model)]).toEqual(["out.data"]);
  });

  test("weights it cannot move are an error", () => {
    const inner = parseModel('net (float[1] x) => (float[1] y) <float[1] w = ["location": "in.bin"]> { y = Relu(x) }').graph;
    const node = { ...plain.graph.node[0]!, attribute: [{ name: "body", type: 5, g: inner }] };
    expect(() => withWeightFile({ ...plain, graph: { ...plain.graph, node: [node] } }, "out.data")).toThrow(/in\.bin.*--sidecar/);
  });
});

test("sizes that weight files must have, and other names for them", () => {
  const model = parseModel(`net (float[1] x) => (float[1] y)
    <float[2] a = ["location": "w.bin", "offset": "8"], float[3] b = ["location": "w.bin"], float[1] c = ["location": "v.bin"]>
    { y = Relu(x) }`);
  expect([...externalSizes(model)]).toEqual([
    ["w.bin", 16],
    ["v.bin", 4],
  ]);
  expect([...externalFiles(relocated(model, new Map([["w.bin", "blob"]])))]).toEqual(["blob", "v.bin"]);
  expect(() => relocated(model, new Map([["w.bin", "../blob"]]))).toThrow(/no path inside/);
});

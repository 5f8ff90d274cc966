/** Damaged, hostile and simply wrong files: always a tagged error or a valid model, never anything else. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { model } from "../../test/support/model-arbitrary.ts";
import { isBacklitError } from "../errors.ts";
import { decodeModel } from "./decode.ts";
import { encodeModelBytes } from "./encode.ts";
import { parseModel } from "./parse-text.ts";
import { readTensor } from "./tensors.ts";

/** A length-delimited field. */
const field = (number: number, ...payload: readonly (number | Uint8Array)[]): Uint8Array => {
  const bytes = payload.flatMap((part) => (typeof part === "number" ? [part] : [...part]));
  const length = [];
  for (let rest = bytes.length; rest >= 0x80 || length.push(rest) === 0; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Uint8Array.from([(number << 3) | 2, ...length, ...bytes]);
};
const valid = encodeModelBytes(
  parseModel(`<ir_version: 9, opset_import: ["" : 17], metadata_props: ["k" : "v"]>
    g (float[N,3] x) => (float[N,2] y) <float[3,2] w = random(1), int64[2] s = {-1, 2}> {
      z = MatMul (x, w)
      c = Constant <value = float[2] {1, 2}> ()
      y = If <then_branch = t () => (a) { a = Add (z, c) }, else_branch = e () => (b) { b = Relu <k = [1.5, 2.5]> (z) }> (x)
    }`),
);

/** Decodes, reads all weights and writes again. @returns the error's tag, if there is one */
const survive = (bytes: Uint8Array): string | undefined => {
  try {
    const message = decodeModel(bytes);
    for (const tensor of message.graph.initializer) readTensor(tensor);
    const again = encodeModelBytes(message);
    expect(encodeModelBytes(decodeModel(again))).toEqual(again);
  } catch (error) {
    if (!isBacklitError(error)) throw error;
    expect(error.message).not.toContain("\n");
    return error._tag;
  }
  return undefined;
};

describe("damage", () => {
  test("the model itself is fine", () => expect(survive(valid)).toBeUndefined());

  test("cut off at every byte", () => {
    for (let end = 0; end < valid.length; end++)
      expect(["BadFile", "BadModel", undefined]).toContain(survive(valid.subarray(0, end)));
    expect(survive(valid.subarray(0, valid.length - 40))).toBeDefined();
  });

  test("any single byte changed", () => {
    for (let at = 0; at < valid.length; at++) {
      for (const value of [0x00, 0xff, valid[at]! ^ 0x01, valid[at]! ^ 0x80]) survive(valid.with(at, value));
    }
  });

  test("several bytes of random models changed, inserted or removed", () => {
    const change = fc.tuple(fc.nat(), fc.nat(3), fc.uint8Array({ maxLength: 3 }));
    fc.assert(
      fc.property(model({ extras: true }), fc.array(change, { minLength: 1, maxLength: 4 }), (message, changes) => {
        const bytes = [...encodeModelBytes(message)];
        for (const [at, removed, added] of changes) bytes.splice(at % bytes.length, removed, ...added);
        survive(Uint8Array.from(bytes));
      }),
      { numRuns: 400 },
    );
  });

  test("noise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        survive(bytes);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("attacks", () => {
  const decode = (...parts: Uint8Array[]) => decodeModel(Uint8Array.from([8, 9, ...parts.flatMap((part) => [...part])]));
  const inTensor = (...payload: (number | Uint8Array)[]) => field(7, field(5, ...payload));

  test.each([
    ["a length beyond the file", Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x07), /byte 3.*past the end/],
    ["a length of 64 bits", Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01), /byte 3/],
    ["a child larger than its parent", field(7, 0x0a, 0x05, 0x00), /byte 5/],
    ["a number without end", Uint8Array.of(0x28, ...new Array(12).fill(0xff)), /more than ten bytes/],
    ["field 0", Uint8Array.of(0x02, 0x00), /no field has this tag/],
    ["a group", Uint8Array.of(0x9b, 0x06, 0x9c, 0x06), /wire type 3/],
    ["half a float", inTensor(field(4, 1, 2, 3)), /4-byte numbers/],
    ["a dimension of 2^62", inTensor(0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40), /absurdly large/],
    ["a name that is not UTF-8", field(7, field(2, 0xff)), /UTF-8/],
  ])("%s", (_, bytes, message) => {
    expect(() => decode(bytes)).toThrow(message);
    expect(survive(Uint8Array.from([8, 9, ...bytes]))).toBe("BadFile");
  });

  test("graphs nested without end", () => {
    const nest = (levels: number) => {
      let graph = field(2, 0x67);
      for (let i = 0; i < levels; i++) graph = field(1, field(5, field(6, graph)));
      return field(7, graph);
    };
    expect(decode(nest(60)).graph.node).toHaveLength(1);
    expect(() => decode(nest(70))).toThrow(/nested/);
    expect(() => decode(nest(500))).toThrow(/nested/);
  });

  test("dims that claim more than there is cost nothing", () => {
    const { graph } = decode(inTensor(field(1, 0xff, 0xff, 0xff, 0xff, 0x07, 0xff, 0x7f), 0x10, 0x01, field(9, 1, 2, 3, 4)));
    expect(() => readTensor(graph.initializer[0]!)).toThrow(/4 bytes are given/);
  });

  test("numbers packed and unpacked by turns stay linear", () => {
    const ints = new Array(20_000).fill([0x3a, 0x01, 0x05, 0x38, 0x06]).flat(); // int64_data
    const { graph } = decode(inTensor(Uint8Array.from(ints)));
    expect(graph.initializer[0]!.int64Data).toHaveLength(40_000);
  });
});

describe("other files", () => {
  const text = (content: string) => new TextEncoder().encode(content);
  test.each([
    ["an empty file", new Uint8Array(), /model\.onnx.*an empty file/],
    ["a PNG", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13), /a PNG picture/],
    ["a JPEG", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), /a JPEG picture/],
    ["a zip", Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0), /zip archive.*unpack/],
    ["an LFS pointer", text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"), /git lfs pull/],
    ["a web page", text("<!DOCTYPE html><html></html>"), /an HTML page/],
    ["a README", text("# Model\n\nThis is the größte model."), /a text file/],
    ["a config", text('{"id2label": {}}'), /a JSON file/],
    ["a TFLite model", text("\x1c\0\0\0TFL3"), /TensorFlow Lite/],
  ])("%s", (_, bytes, message) => {
    expect(() => decodeModel(bytes, "model.onnx")).toThrow(message);
    expect(survive(bytes)).toBe("BadFile");
  });

  test("no graph, no IR version, an old one", () => {
    const graph = field(7, field(2, 0x67));
    expect(() => decodeModel(Uint8Array.of(8, 9), "m.onnx")).toThrow("no model in this file (m.onnx): the graph is missing");
    expect(() => decodeModel(graph)).toThrow(/IR version is missing/);
    expect(() => decodeModel(Uint8Array.from([8, 2, ...graph]))).toThrow(/IR version 2 is older/);
    expect(decodeModel(Uint8Array.from([8, 99, ...graph])).irVersion).toBe(99);
  });
});

describe("what protobuf allows", () => {
  test("a message in two parts is merged, also with fields we do not know", () => {
    const shape = (name: number) => field(1, field(2, field(1, field(2, name)), 0x28, name));
    const input = field(11, field(1, 0x78), field(2, shape(0x61)), field(2, shape(0x62)));
    const bytes = Uint8Array.from([8, 9, ...field(7, input)]);
    const decoded = decodeModel(bytes);
    const { tensorType } = decoded.graph.input[0]!.type!;
    expect(tensorType!.shape).toEqual([{ param: "a" }, { param: "b" }]);
    expect(tensorType!.unknown).toEqual([field(2, 0x28, 0x61), field(2, 0x28, 0x62)]);
    expect(decodeModel(encodeModelBytes(decoded))).toEqual(decoded);
  });

  test("of two members of a oneof the last one counts", () => {
    const dim = field(1, 0x08, 0x05, field(2, 0x4e));
    const input = field(11, field(2, field(1, field(2, dim))));
    expect(decodeModel(Uint8Array.from([8, 9, ...field(7, input)])).graph.input[0]!.type!.tensorType!.shape).toEqual([
      { param: "N" },
    ]);
  });

  test("attributes without a type, as old files have them", () => {
    const node = field(1, field(5, field(1, 0x61), 0x18, 0x07), field(5, field(1, 0x62), 0x40, 0x01, 0x40, 0x02));
    const [a, b] = decodeModel(Uint8Array.from([8, 3, ...field(7, node)])).graph.node[0]!.attribute;
    expect(a).toEqual({ name: "a", type: 2, i: 7 });
    expect(b).toEqual({ name: "b", type: 7, ints: [1, 2] });
  });
});

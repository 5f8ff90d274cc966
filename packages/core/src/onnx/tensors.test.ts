import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ExternalData, withExternal } from "./external.ts";
import { DataType, type TensorProto } from "./proto.ts";
import { boolTensor, floatTensor, intTensor, makeTensor, readFloats, readInts, readTensor } from "./tensors.ts";
import { tensorByteLength, tensorType } from "./types.ts";

const proto = (dataType: number, dims: number[], data: Partial<TensorProto>): TensorProto => ({
  name: "t",
  dims,
  dataType,
  ...data,
});

describe("readTensor finds the data in whatever field onnx.proto gives it", () => {
  test.each([
    ["float32", DataType.FLOAT, { floatData: [1.5, -2] }, Float32Array.of(1.5, -2)],
    ["float64", DataType.DOUBLE, { doubleData: [0.1, 2] }, Float64Array.of(0.1, 2)],
    ["int8", DataType.INT8, { int32Data: [-1, 127] }, Int8Array.of(-1, 127)],
    ["uint8", DataType.UINT8, { int32Data: [0, 255] }, Uint8Array.of(0, 255)],
    ["int16", DataType.INT16, { int32Data: [-300, 300] }, Int16Array.of(-300, 300)],
    ["uint16", DataType.UINT16, { int32Data: [0, 65535] }, Uint16Array.of(0, 65535)],
    ["int32", DataType.INT32, { int32Data: Int32Array.of(-5, 6) }, Int32Array.of(-5, 6)],
    ["uint32", DataType.UINT32, { uint64Data: [1, 4294967295] }, Uint32Array.of(1, 4294967295)],
    ["int64", DataType.INT64, { int64Data: [-1, 2n ** 62n] }, BigInt64Array.of(-1n, 2n ** 62n)],
    ["uint64", DataType.UINT64, { uint64Data: [1, 2n ** 63n] }, BigUint64Array.of(1n, 2n ** 63n)],
    ["bool", DataType.BOOL, { int32Data: [0, 1] }, Uint8Array.of(0, 1)],
    ["float16", DataType.FLOAT16, { int32Data: [0x3c00, 0xc000] }, Uint16Array.of(0x3c00, 0xc000)],
    ["string", DataType.STRING, { stringData: [Uint8Array.of(0xc3, 0xa4), new Uint8Array()] }, ["ä", ""]],
  ] as const)("%s", (type, dataType, fields, data) => {
    expect(tensorType(dataType)).toBe(type);
    const tensor = readTensor(proto(dataType, [2], fields));
    expect(tensor).toEqual({ type, dims: [2], data });
    expect(readTensor(makeTensor("t", tensor))).toEqual(tensor);
  });

  test("raw data is a view where it is aligned, a copy where it is not", () => {
    const file = new Uint8Array(16);
    new DataView(file.buffer).setFloat32(4, 1.5, true);
    const aligned = readTensor(proto(DataType.FLOAT, [1], { rawData: file.subarray(4, 8) })).data as Float32Array;
    expect([aligned.buffer, aligned[0]]).toEqual([file.buffer, 1.5]);
    new DataView(file.buffer).setFloat32(9, 2.5, true);
    const moved = readTensor(proto(DataType.FLOAT, [1], { rawData: file.subarray(9, 13) })).data as Float32Array;
    expect(moved[0]).toBe(2.5);
    expect(moved.buffer).not.toBe(file.buffer);
  });

  test("bfloat16 is widened, float16 on demand", () => {
    const bfloat = proto(DataType.BFLOAT16, [2], { rawData: Uint8Array.of(0x80, 0x3f, 0x00, 0xc0) });
    expect(readTensor(bfloat)).toEqual({ type: "float32", dims: [2], data: Float32Array.of(1, -2) });
    expect(readFloats(proto(DataType.BFLOAT16, [1], { int32Data: [0x3f80] }))).toEqual(Float32Array.of(1));
    expect(readFloats(proto(DataType.FLOAT16, [1], { int32Data: [0x3555] }))[0]).toBeCloseTo(1 / 3, 3);
  });

  test.each([
    [proto(DataType.FLOAT, [2], { rawData: new Uint8Array(7) }), /"t" float\[2\].*7 bytes are given where 8 belong/],
    [proto(DataType.FLOAT, [3], { floatData: [1] }), /1 elements are given where 3 belong/],
    [proto(DataType.FLOAT, [2], {}), /0 elements are given where 2 belong/],
    [proto(DataType.FLOAT, [-1], { floatData: [] }), /"t" \[-1\]/],
    [proto(DataType.FLOAT, [2 ** 40, 2 ** 40], {}), /impossible dimensions/],
    [proto(DataType.FLOAT8E5M2, [1], { rawData: new Uint8Array(1) }), /float8e5m2/],
    [proto(77, [1], { rawData: new Uint8Array(1) }), /element type 77/],
  ])("refuses %#", (tensor, message) => {
    expect(() => readTensor(tensor)).toThrow(message);
  });

  test("empty tensors, also with an absurd other dimension", () => {
    expect(readTensor(proto(DataType.FLOAT, [2 ** 40, 2 ** 40, 0], {})).data).toEqual(new Float32Array());
    expect(tensorByteLength([3], DataType.INT4)).toBe(2);
  });
});

describe("numbers", () => {
  test("readInts clamps what is beyond safe integers", () => {
    const ends = proto(DataType.INT64, [3], { int64Data: [2n ** 63n - 1n, -(2n ** 63n), 7] });
    expect(readInts(ends)).toEqual([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 7]);
    expect(readInts(proto(DataType.UINT8, [1], { int32Data: [200] }))).toEqual([200]);
    expect(() => readInts(floatTensor("f", [1], [1]))).toThrow(/float stands where integers belong/);
    expect(() => readInts(proto(DataType.FLOAT16, [1], { int32Data: [0x3c00] }))).toThrow(/float16/);
  });

  test("makers", () => {
    expect(readInts(intTensor("i", [2, 1], [-1, Number.MAX_SAFE_INTEGER]))).toEqual([-1, Number.MAX_SAFE_INTEGER]);
    expect(readTensor(boolTensor("b", [2], [true, 0])).data).toEqual(Uint8Array.of(1, 0));
    const weights = new Float32Array(4);
    expect(floatTensor("w", [2, 2], weights).rawData!.buffer).toBe(weights.buffer);
    expect(() => floatTensor("w", [3], weights)).toThrow(/16 bytes are given where 12 belong/);
  });
});

describe("external data", () => {
  const stored = Uint8Array.from({ length: 16 }, (_, i) => i);
  const folder: ExternalData = {
    read: (location, offset, length) => {
      expect(location).toBe("weights/w.bin");
      return stored.subarray(offset, offset + (length ?? stored.length));
    },
  };
  const external = withExternal(makeTensor("w", { type: "uint16", dims: [2], data: new Uint16Array(2) }), "weights/w.bin", 4, 4);
  const entries = (values: Record<string, string>): TensorProto => ({
    ...external,
    externalData: Object.entries(values).map(([key, value]) => ({ key, value })),
  });

  test("is read as its dims and type ask", () => {
    expect(external.rawData).toBeUndefined();
    expect(readTensor(external, folder).data).toEqual(Uint16Array.of(0x0504, 0x0706));
    expect(readTensor(entries({ location: "weights/w.bin" }), folder).data).toEqual(Uint16Array.of(0x0100, 0x0302));
  });

  test.each([
    [{ location: "weights/w.bin", offset: "14" }, /2 bytes of the 4/],
    [{ location: "weights/w.bin", length: "5" }, /5 bytes are given where 4 belong/],
    [{ location: "weights/w.bin", offset: "-1" }, /offset is "-1"/],
    [{ location: "weights/w.bin", offset: "99999999999999999" }, /offset/],
    [{ location: "weights/w.bin", offset: "0x10" }, /offset/],
    [{}, /no path inside/],
  ])("refuses %j", (values, message) => {
    expect(() => readTensor(entries(values), folder)).toThrow(message);
  });

  test("without a folder there is a helpful error", () => {
    expect(() => readTensor(external)).toThrow(/tensor "w".*"weights\/w.bin", which was not given/);
  });

  test.each([
    ["/etc/passwd"],
    ["../secret"],
    ["a/../../secret"],
    ["a/.."],
    [".. /secret"],
    ["..."],
    ["%2e%2e/secret"],
    [".%2E/secret"],
    ["a\\..\\b"],
    ["\\\\host\\share"],
    ["//host/share"],
    ["C:/weights"],
    ["file:weights"],
    ["https://host/w"],
    ["w.bin\0.png"],
    ["w\n"],
    ["a//b"],
    ["a/"],
    ["."],
    [""],
    ["*/_ORT_MEM_ADDR_/*"],
  ])("refuses the location %j", (location) => {
    expect(() => readTensor(entries({ location }), folder)).toThrow(/no path inside the model's folder/);
    expect(() => withExternal(external, location, 0, 4)).toThrow();
  });

  test.each([["w.bin"], ["model.onnx.data"], ["./w.bin"], ["a/b-c_d/..w"], ["größe 1.bin"], ["...x"]])(
    "takes the location %j",
    (location) => {
      expect(withExternal(external, location, 0, 4).externalData![0]!.value).toBe(location);
    },
  );

  test("no accepted location leaves the folder", () => {
    const part = fc.oneof(fc.constantFrom("..", ".", "/", "\\", "a", "%2e", ":", " "), fc.string({ maxLength: 2 }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const location = parts.join("");
        let accepted = true;
        try {
          withExternal(external, location, 0, 4);
        } catch {
          accepted = false;
        }
        const base = "http://host/folder/";
        if (accepted) expect(new URL(location, base).href.startsWith(base)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halfToFloat } from "../tensor/half.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { readNpy, toFloat32, writeNpy } from "./npy.ts";

interface Case {
  name: string;
  npy: string;
  dims: number[];
  values: (number | string)[];
}
const cases: Case[] = JSON.parse(readFileSync(new URL("../input/fixtures/npy.json", import.meta.url), "utf8"));
const decode = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));

/** Elements as numpy printed them. */
const plain = ({ type, data }: Tensor) =>
  Array.from(data as ArrayLike<number | bigint>, (value) => {
    if (type === "float16") return halfToFloat(value as number);
    return typeof value === "bigint" || /int/.test(type) ? String(value) : value;
  });
const expected = (values: Case["values"]) =>
  values.map((v) => (v === "inf" ? Number.POSITIVE_INFINITY : v === "-inf" ? Number.NEGATIVE_INFINITY : v));

describe("readNpy", () => {
  it.each(cases)("reads what numpy wrote: $name", ({ npy, dims, values }) => {
    const tensor = readNpy(decode(npy));
    expect(tensor.dims).toEqual(dims);
    expect(plain(tensor)).toEqual(expected(values));
  });

  const good = writeNpy({ type: "float32", dims: [2, 3], data: new Float32Array(6) });
  /** A file of version 1 with this header and `size` bytes of elements. */
  const withHeader = (dict: string, size = 0) =>
    new Uint8Array([
      ...good.subarray(0, 8),
      dict.length & 255,
      dict.length >> 8,
      ...new TextEncoder().encode(dict),
      ...new Uint8Array(size),
    ]);
  const dict = (descr: string, shape: string) => `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`;

  it.each<[string, Uint8Array, RegExp]>([
    ["empty", new Uint8Array(), /NumPy's mark/],
    ["another file", new TextEncoder().encode("\x89PNG"), /NumPy's mark/],
    ["a future version", new Uint8Array([...good.subarray(0, 6), 9, 0]), /version 9\.0/],
    ["cut before the header", good.subarray(0, 9), /ends inside the header/],
    ["cut in the header", good.subarray(0, 40), /ends inside the header/],
    ["cut in the elements", good.subarray(0, good.length - 1), /takes 24 bytes, 23 are there/],
    ["trailing bytes", new Uint8Array([...good, 0]), /takes 24 bytes, 25 are there/],
    ["a huge header", new Uint8Array([...good.subarray(0, 6), 2, 0, 255, 255, 255, 255]), /claims 4294967295 bytes/],
    ["a huge shape", withHeader(dict("'<f4'", "(999999999, 999999999, 999999999)")), /takes .* bytes, 0 are there/],
    ["a shape that overflows", withHeader(dict("'<f4'", `(${"9".repeat(400)},)`)), /not a list of sizes/],
    ["0 times too much", withHeader(dict("'<f4'", `(0, ${"9007199254740991, ".repeat(40)})`), 8), /bytes, 8 are there/],
    ["a negative size", withHeader(dict("'<f4'", "(-1,)")), /does not give/],
    ["objects", withHeader(dict("'|O'", "(1,)"), 8), /Python objects/],
    ["strings", withHeader(dict("'<U5'", "(1,)"), 20), /strings/],
    ["complex", withHeader(dict("'<c8'", "(1,)"), 8), /complex/],
    ["records", withHeader(dict("[('a', '<f4')]", "(1,)"), 4), /structured/],
    ["an unknown type", withHeader(dict("'<f3'", "(1,)"), 3), /'<f3' is unknown/],
    ["no dict", withHeader("hello"), /type, order and shape/],
  ])("refuses %s", (_, bytes, why) => {
    expect(() => readNpy(bytes)).toThrow(why);
    expect(() => readNpy(bytes)).toThrow(expect.objectContaining({ _tag: "BadInput" }));
  });

  it("reads Python 2's long sizes and any order of keys", () => {
    const tensor = readNpy(withHeader("{'shape': (2L, 1L), 'fortran_order': False, 'descr': '|u1'}", 2));
    expect(tensor).toEqual({ type: "uint8", dims: [2, 1], data: new Uint8Array(2) });
  });

  it("reads from an odd offset of a larger buffer", () => {
    const shifted = new Uint8Array(good.length + 1);
    shifted.set(good, 1);
    expect(readNpy(shifted.subarray(1)).dims).toEqual([2, 3]);
  });

  it("copies from a Node Buffer too, whose slices share memory", () => {
    const pooled = Buffer.from([1, ...good]).subarray(1);
    const { data } = readNpy(pooled);
    pooled.fill(255);
    expect(data).toEqual(new Float32Array(6));
  });

  it("throws nothing but BadInput, whatever byte is changed", () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const bytes = good.slice();
        bytes[at] = byte;
        try {
          readNpy(bytes);
        } catch (error) {
          expect(error).toMatchObject({ _tag: "BadInput" });
        }
      }),
    );
  });
});

describe("writeNpy", () => {
  it("writes numpy's own bytes", () => {
    for (const name of ["<f4", "<i8", "<u2", "bool", "scalar", "empty", "one axis"]) {
      const { npy } = cases.find((c) => c.name === name)!;
      const bytes = decode(npy);
      expect(writeNpy(readNpy(bytes)), name).toEqual(bytes);
    }
  });

  it("keeps any shape and value", () => {
    const tensors = fc.array(fc.nat(4), { maxLength: 5 }).chain((dims) => {
      const size = dims.reduce((a, b) => a * b, 1);
      const values = fc.array(fc.double(), { minLength: size, maxLength: size });
      return values.map((v): Tensor => ({ type: "float64", dims, data: Float64Array.from(v) }));
    });
    fc.assert(
      fc.property(tensors, (tensor) => {
        expect(readNpy(writeNpy(tensor))).toEqual(tensor);
      }),
    );
  });

  it("refuses strings", () => {
    expect(() => writeNpy({ type: "string", dims: [1], data: ["a"] })).toThrow(/strings/);
  });
});

describe("toFloat32", () => {
  it("decodes every type", () => {
    const one = (type: Tensor["type"], data: Tensor["data"]) => toFloat32({ type, dims: [1], data }).data[0];
    expect(one("float16", Uint16Array.of(0x3800))).toBe(0.5);
    expect(one("int64", BigInt64Array.of(-7n))).toBe(-7);
    expect(one("bool", Uint8Array.of(1))).toBe(1);
    expect(one("float64", Float64Array.of(0.1))).toBe(Math.fround(0.1));
  });

  it("refuses strings", () => {
    expect(() => toFloat32({ type: "string", dims: [1], data: ["a"] })).toThrow(/strings/);
  });
});

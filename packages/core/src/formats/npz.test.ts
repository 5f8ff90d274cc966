import { readFileSync } from "node:fs";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../tensor/tensor.ts";
import { writeNpy } from "./npy.ts";
import { readNpz, writeNpz } from "./npz.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../input/fixtures/${name}`, import.meta.url)));
const pair = new Map<string, Tensor>([
  ["x", { type: "float32", dims: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) }],
  ["ids", { type: "int64", dims: [2], data: BigInt64Array.of(7n, 8n) }],
]);

describe("npz", () => {
  it.each(["saved.npz", "compressed.npz"])("reads numpy's %s", (name) => {
    expect(readNpz(fixture(name))).toEqual(pair);
  });

  it.each([true, false])("reads what it writes (compress: %s)", (compress) => {
    expect(readNpz(writeNpz(pair, { compress }))).toEqual(pair);
  });

  it("stops at a zip bomb before inflating it", () => {
    const bomb = zipSync({ "x.npy": new Uint8Array(5_000_000) }, { level: 1 });
    expect(bomb.length).toBeLessThan(100_000);
    expect(() => readNpz(bomb, { maxBytes: 1_000_000 })).toThrow(/5000000 bytes when unpacked, the limit is 1000000/);
  });

  it("refuses what unpacks to many times its size", () => {
    const zeros = new Map<string, Tensor>([["x", { type: "uint8", dims: [8_000_000], data: new Uint8Array(8_000_000) }]]);
    const bomb = writeNpz(zeros, { compress: true });
    const refused = /8000128 bytes when unpacked, \d+ times its own \d+; the limit is 500 times: .*npz-ratio/;
    expect(() => readNpz(bomb, { maxRatio: 500 })).toThrow(refused);
    expect(readNpz(bomb).get("x")!.dims).toEqual([8_000_000]);
    const small = new Map<string, Tensor>([["x", { type: "uint8", dims: [900_000], data: new Uint8Array(900_000) }]]);
    expect(readNpz(writeNpz(small, { compress: true }), { maxRatio: 1 }).size).toBe(1);
  });

  it("reads the arrays' own headers before it inflates anything", () => {
    const whole = writeNpy({ type: "uint8", dims: [500_000], data: new Uint8Array(500_000) });
    const longer = new Uint8Array(whole.length + 100_000);
    longer.set(whole);
    const first = writeNpy({ type: "uint8", dims: [3], data: Uint8Array.of(1, 2, 3) });
    expect(() => readNpz(zipSync({ "a.npy": first, "x.npy": longer }))).toThrow(
      /'x\.npy' is 500128 bytes by its header and 600128 by the archive's table of contents/,
    );
  });

  it("does not trust a declared size that is too small", () => {
    const bytes = writeNpz(pair, { compress: true });
    const view = new DataView(bytes.buffer);
    // the table of contents: signature PK\1\2, uncompressed size at +24
    for (let at = 0; at < bytes.length - 4; at++) if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 100, true);
    expect(() => readNpz(bytes)).toThrow(expect.objectContaining({ _tag: "BadInput" }));
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["something else", new TextEncoder().encode("hello, this is no archive"), /damaged/],
    ["a cut archive", fixture("compressed.npz").slice(0, 300), /damaged/],
    ["an archive of other things", zipSync({ "word/document.xml": new Uint8Array(3) }), /'word\/document.xml', which is no .npy/],
    ["a member that is no array", zipSync({ "x.npy": new Uint8Array(3) }), /NumPy's mark/],
  ])("refuses %s", (_, bytes, why) => {
    expect(() => readNpz(bytes)).toThrow(why);
  });

  it("limits the number of arrays", () => {
    expect(() => readNpz(writeNpz(pair), { maxArrays: 1 })).toThrow(/2 arrays, the limit is 1/);
  });
});

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNpz } from "../../formats/npz.ts";
import { type Pixels, withChannels } from "./pixels.ts";
import { type ResizeFilter, resize } from "./resize.ts";

const fixture = (name: string) => readNpz(new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url))));
const stored = fixture("resize.npz");
const pixels = (arrays: typeof stored, name: string): Pixels => {
  const { dims, data } = arrays.get(name)!;
  return { width: dims[1]!, height: dims[0]!, channels: dims[2] as Pixels["channels"], data: data as Uint8Array };
};
const results = [...stored.keys()].filter((name) => name.includes("|"));

describe("resize", () => {
  it.each(results)("gives Pillow's bytes: %s", (name) => {
    const [source, size, filter] = name.split("|") as [string, string, ResizeFilter];
    const [width, height] = size.split("x").map(Number) as [number, number];
    expect(resize(pixels(stored, source), width, height, filter)).toEqual(pixels(stored, name));
  });

  it("has a stored value for every filter and number of channels", () => {
    expect(results.length).toBeGreaterThan(4 * 6 * 6);
  });

  it("leaves a flat picture flat", () => {
    const filters: ResizeFilter[] = ["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"];
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(size, size, size, size, fc.nat(255), fc.constantFrom(...filters), (w, h, toW, toH, value, filter) => {
        const flat: Pixels = { width: w, height: h, channels: 1, data: new Uint8Array(w * h).fill(value) };
        expect(resize(flat, toW, toH, filter).data).toEqual(new Uint8Array(toW * toH).fill(value));
      }),
    );
  });

  it("refuses sizes that are none", () => {
    const one: Pixels = { width: 1, height: 1, channels: 1, data: new Uint8Array(1) };
    for (const size of [0, -1, 1.5, Number.NaN]) expect(() => resize(one, size, 4, "box")).toThrow(/positive integers/);
  });
});

describe("withChannels", () => {
  it("makes Pillow's grey", () => {
    const arrays = fixture("grey.npz");
    expect(withChannels(pixels(arrays, "rgb"), 1)).toEqual(pixels(arrays, "grey"));
  });

  it("repeats grey and lays alpha on white", () => {
    expect(withChannels({ width: 1, height: 1, channels: 1, data: Uint8Array.of(9) }, 3).data).toEqual(Uint8Array.of(9, 9, 9));
    const half: Pixels = { width: 1, height: 1, channels: 4, data: Uint8Array.of(0, 100, 255, 51) };
    expect(withChannels(half, 3).data).toEqual(Uint8Array.of(204, 224, 255));
  });
});

import fc from "fast-check";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { encodeGreyPng, encodePng, fewColours } from "./encode.ts";

/** RGBA of a pixel at x, y. */
const rasterOf = (width: number, height: number, paint: (x: number, y: number) => readonly number[]) => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height }, (_, i) => i).reduce(
    (out, _, i) => {
      out.set(paint(i % width, Math.floor(i / width)), 4 * i);
      return out;
    },
    new Uint8Array(4 * width * height),
  ),
});

/** As another library reads it, RGBA. */
const read = (bytes: Uint8Array): number[] => {
  const { data, channels, palette } = decode(bytes, { checkCrc: true });
  const pixels = data.length / channels;
  return Array.from({ length: pixels }, (_, i) => {
    if (palette) return [...palette[data[i]!]!.slice(0, 3), 255];
    const own = Array.from(data.subarray(i * channels, (i + 1) * channels));
    return channels === 4 ? own : [...own, 255];
  }).flat();
};

const noise = (x: number, y: number): number => (x * 7919 + y * 104729 + x * y * 31) % 251;

test("another library reads the same pixels: any colours, any opacities, any size", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 300 }),
      fc.boolean(),
      (width, height, colours, clear) => {
        const raster = rasterOf(width, height, (x, y) => {
          const at = noise(x, y) % colours;
          return [at & 255, (at * 5) & 255, (x + y) & (colours > 200 ? 255 : 1), clear ? (x * 9) & 255 : 255];
        });
        expect(read(encodePng(raster))).toEqual(Array.from(raster.data));
      },
    ),
    { numRuns: 60 },
  );
});

test.each([
  [255, 3],
  [256, 3],
  [257, 2],
])("%i colours are of kind %i", (colours, kind) => {
  const raster = rasterOf(32, 32, (x, y) => [((x + 32 * y) % colours) & 255, ((x + 32 * y) % colours) >> 8, 0, 255]);
  const bytes = encodePng(raster);
  expect(bytes[25]).toBe(kind);
  expect(fewColours(raster)).toBe(kind === 3);
  expect(read(bytes)).toEqual(Array.from(raster.data));
});

test("a picture that is clear in places keeps its opacities", () => {
  const raster = rasterOf(8, 8, (x) => [10, 20, 30, x % 4 === 0 ? 0 : 255]);
  expect(encodePng(raster)[25]).toBe(6);
  expect(fewColours(raster)).toBe(false);
});

test("smooth pictures take less under filters, blocks of a map by their palette", () => {
  const smooth = rasterOf(200, 200, (x, y) => [
    128 + 90 * Math.sin(x / 17) * Math.cos(y / 23),
    128 + 90 * Math.cos(x / 29),
    (x + y) / 2,
    255,
  ]);
  const bytes = encodePng(smooth);
  // A byte a pixel would be 40 kB.
  expect(bytes.length).toBeLessThan(30_000);
  const blocks = rasterOf(300, 300, (x, y) => {
    const t = noise(Math.floor(x / 3), Math.floor(y / 3));
    return [t, 255 - t, 128, 255];
  });
  // 100 × 100 numbers of 8 bits.
  expect(encodePng(blocks).length).toBeLessThan(17_000);
  expect(read(encodePng(blocks))).toEqual(Array.from(blocks.data));
});

test("photographs are off by little, the less the more room there is; all else is exact", () => {
  const size = 160;
  const photo = { left: 20, top: 0, right: 140, bottom: size };
  const inside = (x: number, y: number) => x >= photo.left && x < photo.right && y >= photo.top && y < photo.bottom;
  let state = 1;
  const grain = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 28;
  };
  const raster = rasterOf(size, size, (x, y) => {
    return inside(x, y)
      ? [x + grain(), 90 + 60 * Math.sin(y / 20) + grain(), 130 + grain(), 255]
      : [x & 1 ? 255 : 0, y, 250, 255];
  });
  const exact = encodePng(raster).length;
  const at = (aim: number) => {
    const bytes = encodePng(raster, { photos: [photo], aim });
    const off = [0, 0];
    read(bytes).forEach((value, i) => {
      const here = inside((i >> 2) % size, Math.floor((i >> 2) / size)) ? 0 : 1;
      off[here] = Math.max(off[here]!, Math.abs(value - raster.data[i]!));
    });
    return { size: bytes.length, photo: off[0]!, other: off[1]! };
  };
  expect(at(2 * exact)).toEqual({ size: exact, photo: 0, other: 0 });
  const [some, most] = [at(0.8 * exact), at(1)];
  expect([some.other, most.other]).toEqual([0, 0]);
  expect(some.photo).toBeGreaterThan(0);
  expect(some.photo).toBeLessThanOrEqual(most.photo);
  expect(most.photo).toBeLessThanOrEqual(5);
  expect(most.size).toBeLessThan(0.85 * exact);
  expect(encodePng(raster, { photos: [], aim: 1 }).length).toBe(exact);
});

test("grey values are read as they are", () => {
  const grey = Uint8Array.from({ length: 35 }, (_, i) => 7 * i);
  const { data, channels, width, height } = decode(encodeGreyPng(grey, 5));
  expect([Array.from(data), channels, width, height]).toEqual([Array.from(grey), 1, 5, 7]);
});

import { expect, test } from "vitest";
import { readBmp } from "./bmp.ts";

interface Bmp {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  /** Behind the header: masks, palette. */
  readonly between?: readonly number[];
  readonly rows: readonly number[];
  readonly used?: number;
}

/** A file with the header of 40 bytes. */
const bmp = ({ width, height, bits, compression = 0, between = [], rows, used = 0 }: Bmp): Uint8Array => {
  const head = new DataView(new ArrayBuffer(54));
  head.setUint16(0, 0x424d);
  head.setUint32(10, 54 + between.length, true);
  head.setUint32(14, 40, true);
  head.setInt32(18, width, true);
  head.setInt32(22, height, true);
  head.setUint16(26, 1, true);
  head.setUint16(28, bits, true);
  head.setUint32(30, compression, true);
  head.setUint32(46, used, true);
  return Uint8Array.of(...new Uint8Array(head.buffer), ...between, ...rows);
};

test("24 bits: rows from the bottom, blue first, padded to four bytes", () => {
  const rows = [3, 2, 1, 6, 5, 4, 0, 0, 9, 8, 7, 12, 11, 10, 0, 0];
  const data = Uint8Array.of(7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6);
  expect(readBmp(bmp({ width: 2, height: 2, bits: 24, rows }))).toEqual({ width: 2, height: 2, channels: 3, data });
  const down = readBmp(bmp({ width: 2, height: -2, bits: 24, rows }));
  expect(down.data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
});

test("palettes of 1, 4 and 8 bits", () => {
  const between = [0, 0, 255, 0, 0, 255, 0, 0]; // red, green
  const colours = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 255, 0);
  const shape = { width: 3, height: 1, between, used: 2 };
  expect(readBmp(bmp({ ...shape, bits: 1, rows: [0b01100000, 0, 0, 0] })).data).toEqual(colours);
  expect(readBmp(bmp({ ...shape, bits: 4, rows: [0x01, 0x10, 0, 0] })).data).toEqual(colours);
  expect(readBmp(bmp({ ...shape, bits: 8, rows: [0, 1, 1, 0] })).data).toEqual(colours);
  expect(() => readBmp(bmp({ ...shape, bits: 8, rows: [0, 1, 2, 0] }))).toThrow(/not in its palette/);
});

test("16 bits, five a channel or by masks; 32 bits with and without alpha", () => {
  const at16 = { width: 1, height: 1, bits: 16 };
  expect(readBmp(bmp({ ...at16, rows: [0x1f, 0x7c, 0, 0] })).data).toEqual(Uint8Array.of(255, 0, 255));
  const masks = [0, 0xf8, 0, 0, 0xe0, 0x07, 0, 0, 0x1f, 0, 0, 0];
  expect(readBmp(bmp({ ...at16, compression: 3, between: masks, rows: [0xe0, 0x07, 0, 0] })).data).toEqual(
    Uint8Array.of(0, 255, 0),
  );
  const at32 = { width: 1, height: 1, bits: 32, rows: [3, 2, 1, 200] };
  expect(readBmp(bmp(at32)).data).toEqual(Uint8Array.of(1, 2, 3));
  const alpha = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255];
  const found = readBmp(bmp({ ...at32, compression: 6, between: alpha }));
  expect(found).toEqual({ width: 1, height: 1, channels: 4, data: Uint8Array.of(1, 2, 3, 200) });
});

test("what is cut short, compressed or too large is an error", () => {
  const whole = bmp({ width: 2, height: 2, bits: 24, rows: Array.from({ length: 16 }, () => 0) });
  expect(() => readBmp(whole.subarray(0, 60))).toThrow(/a BMP picture cannot be read: it is cut short: convert it to PNG/);
  expect(() => readBmp(whole.subarray(0, 20))).toThrow(/cut short/);
  expect(() => readBmp(bmp({ width: 1, height: 1, bits: 8, compression: 1, rows: [] }))).toThrow(/compressed/);
  expect(() => readBmp(whole, 3)).toThrow(/2x2 pixels are more than 3/);
  expect(() => readBmp(bmp({ width: 1, height: 1, bits: 7, rows: [] }))).toThrow(/7 bits a pixel/);
});

/** Windows bitmaps, which picture libraries of today leave out: 1, 4, 8, 16, 24 and 32 bits a pixel, not run-length coded. */
import { fail } from "../../errors.ts";
import type { Pixels } from "./pixels.ts";

const bad = (why: string) => fail("BadInput", { what: "a BMP picture cannot be read", why, fix: "convert it to PNG" });

/** How the four channels lie in a pixel's bits. */
interface Masks {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly masks: Masks;
  /** Where the colours of a palette lie, bytes each, and how many. */
  readonly palette: { readonly at: number; readonly step: number; readonly count: number };
  readonly pixels: number;
}

const RGB = 0;
const BITFIELDS = [3, 6];

const readHeader = (view: DataView): Header => {
  const size = view.getUint32(14, true);
  const pixels = view.getUint32(10, true);
  const old = size === 12; // OS/2's, with 16-bit sizes
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const tall = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(old ? 24 : 28, true);
  const compression = old ? RGB : view.getUint32(30, true);
  if (compression !== RGB && !BITFIELDS.includes(compression)) throw bad("its pixels are compressed");
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw bad(`it has ${bits} bits a pixel`);
  if (width <= 0 || tall === 0) throw bad(`its size is ${width}x${tall}`);
  const fields = BITFIELDS.includes(compression);
  const mask = (i: number) => view.getUint32(54 + 4 * i, true);
  const masks = fields
    ? { red: mask(0), green: mask(1), blue: mask(2), alpha: size >= 56 || compression === 6 ? mask(3) : 0 }
    : bits === 16
      ? { red: 0x7c00, green: 0x3e0, blue: 0x1f, alpha: 0 }
      : { red: 0xff0000, green: 0xff00, blue: 0xff, alpha: 0 };
  const used = old ? 0 : view.getUint32(46, true);
  const count = bits > 8 ? 0 : used || 2 ** bits;
  const palette = { at: 14 + size + (fields && size === 40 ? 12 : 0), step: old ? 3 : 4, count };
  return { width, height: Math.abs(tall), topDown: tall < 0, bits, masks, palette, pixels };
};

/** A channel's bits brought to 0..255. */
const channel = (mask: number): ((value: number) => number) => {
  if (mask === 0) return () => 255;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (value) => Math.round((((value & mask) >>> shift) * 255) / most);
};

/**
 * Samples of a .bmp file, at most `maxPixels`: RGB, or RGB and alpha where the file says which bits are alpha. Throws BadInput for what is
 * cut short, too large, or compressed.
 */
export const readBmp = (bytes: Uint8Array, maxPixels = 100_000_000): Pixels => {
  if (bytes.length < 54 && !(bytes.length >= 26 && bytes[14] === 12)) throw bad("it is cut short");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view);
  const { width, height, bits, masks } = header;
  if (width * height > maxPixels) throw bad(`${width}x${height} pixels are more than ${maxPixels}`);
  const stride = Math.ceil((width * bits) / 32) * 4;
  const { at, step, count } = header.palette;
  if (header.pixels + stride * height > bytes.length || at + step * count > bytes.length) throw bad("it is cut short");
  const channels = bits > 8 && masks.alpha !== 0 ? 4 : 3;
  const data = new Uint8Array(width * height * channels);
  const [red, green, blue, alpha] = [channel(masks.red), channel(masks.green), channel(masks.blue), channel(masks.alpha)];
  const write = (to: number, row: number, x: number): void => {
    if (bits <= 8) {
      const byte = bytes[row + ((x * bits) >> 3)]!;
      const index = (byte >> (8 - bits - ((x * bits) & 7))) & (2 ** bits - 1);
      if (index >= count) throw bad("a pixel's colour is not in its palette");
      for (let c = 0; c < 3; c++) data[to + c] = bytes[at + index * step + 2 - c]!;
      return;
    }
    if (bits === 24) {
      for (let c = 0; c < 3; c++) data[to + c] = bytes[row + 3 * x + 2 - c]!;
      return;
    }
    const value = bits === 16 ? view.getUint16(row + 2 * x, true) : view.getUint32(row + 4 * x, true);
    data[to] = red(value);
    data[to + 1] = green(value);
    data[to + 2] = blue(value);
    if (channels === 4) data[to + 3] = alpha(value);
  };
  for (let y = 0; y < height; y++) {
    const row = header.pixels + stride * (header.topDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++) write((y * width + x) * channels, row, x);
  }
  return { width, height, channels, data };
};

/**
 * Pictures as PNG files (W3C, Portable Network Graphics, third edition): by a palette where their colours allow it, the rows of
 * photographs under the filters that leave least.
 */
import { zlibSync } from "fflate";
import { joinBytes } from "../../tensor/bytes.ts";
import type { Raster } from "../raster.ts";
import { filtered, type Rows } from "./filter.ts";
import { type Area, nearRows } from "./near.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const [GREY, RGB, INDEXED, RGBA] = [0, 2, 3, 6];

/** Colours of an indexed picture, 3 bytes each, and which of them each pixel has. */
interface Indexed {
  readonly palette: Uint8Array;
  readonly indices: Uint8Array;
}

/** Where values may be a little off so that a file keeps to a size. */
export interface Photos {
  /** Where photographs stand. */
  readonly photos: readonly Area[];
  /** Bytes. */
  readonly aim: number;
  /** How far a value may be off, of 255; default 5. */
  readonly most?: number;
}

/**
 * The raster as a PNG file, exactly: 8 bits a pixel for up to 256 opaque colours, else 8 bits a channel. With `photos` their values are off
 * by at most `most` of 255, as little as keeps the file to its aim; everything else is exact.
 */
export const encodePng = (raster: Raster, photos?: Photos): Uint8Array => {
  const { width, data } = raster;
  if (!opaque(raster)) return file(raster, { kind: RGBA, rows: smallest(data, { stride: 4 * width, pixel: 4 }) });
  const few = indexed(raster);
  const exact =
    few && file(raster, { kind: INDEXED, palette: few.palette, rows: smallest(few.indices, { stride: width, pixel: 1 }) });
  const some = photos !== undefined && photos.photos.length > 0;
  // A grey photograph has few colours, too.
  if (exact !== undefined && (!some || exact.length <= photos.aim)) return exact;
  const rows = { stride: 3 * width, pixel: 3 };
  const plain = withoutAlpha(raster);
  const near = file(raster, { kind: RGB, ...(some ? withPhotos(plain, rows, photos) : { rows: smallest(plain, rows) }) });
  return exact !== undefined && exact.length <= near.length ? exact : near;
};

/** What stands in an IDAT before it is deflated, which PDF takes too (predictor 15): by a palette of 3 bytes each, or RGB within `aim` bytes as far as `most` of 255 do it. */
export const filteredPixels = (raster: Raster, told: Omit<Photos, "photos">): Pick<Content, "palette" | "rows"> => {
  const { width, height } = raster;
  const few = indexed(raster);
  const exact = few && { palette: few.palette, rows: smallest(few.indices, { stride: width, pixel: 1 }) };
  if (exact && zlibSync(exact.rows).length <= told.aim) return exact;
  const photos = [{ left: 0, top: 0, right: width, bottom: height }];
  return withPhotos(withoutAlpha(raster), { stride: 3 * width, pixel: 3 }, { photos, ...told });
};

/** Whether a picture of so few colours is exact and small as a PNG. */
export const fewColours = (raster: Raster): boolean => opaque(raster) && indexed(raster) !== undefined;

/** One grey value a pixel, row by row, as a PNG file: 8-bit grey, no filter, so that its size says how easily the values are told. */
export const encodeGreyPng = (grey: Uint8Array, width: number): Uint8Array => {
  const rows = filtered(grey, { stride: width, pixel: 1 }, true);
  return file({ width, height: grey.length / width }, { kind: GREY, rows, level: 3 });
};

const [BAND, EVERY] = [16, 8];

/** Twice what a value may be off, and one: from 2 of 255, every 1, beyond 5 every 3. */
const stepsTo = (most: number): readonly number[] =>
  [2, 3, 4, 5, ...Array.from({ length: 5 }, (_, i) => 8 + 3 * i)].filter((off) => off <= most).map((off) => 2 * off + 1);

/** By the least step that one band of rows in eight says is enough; exactly, where rounding gains nothing. */
const withPhotos = (data: Uint8Array, rows: Rows, { photos, aim, most = 5 }: Photos): Pick<Content, "rows" | "level"> => {
  const band = BAND * rows.stride;
  const bands = Array.from({ length: Math.ceil(data.length / band / EVERY) }, (_, i) => {
    const first = EVERY * i * BAND;
    return { first, data: data.subarray(first * rows.stride).subarray(0, band) };
  });
  const part = data.length / bands.reduce((sum, one) => sum + one.data.length, 0);
  const sizeOf = (told: (one: (typeof bands)[number]) => Uint8Array) =>
    part * zlibSync(joinBytes(bands.map(told)), { level: 6 }).length;
  const [asTheyAre, byFilters] = [true, false].map((as) => sizeOf((one) => filtered(one.data, rows, as))) as [number, number];
  const plain = Math.min(asTheyAre, byFilters);
  if (plain <= aim) return { rows: smallest(data, rows) };
  const near = (step: number) => sizeOf(({ data, first }) => nearRows(data, rows, { photos, step, first }));
  const steps = stepsTo(most);
  const step = steps.find((one) => near(one) <= aim);
  if (step === undefined && near(steps.at(-1)!) >= plain) return { rows: smallest(data, rows) };
  // What is still too much is worth the time that a closer look for repeats takes.
  return { rows: nearRows(data, rows, { photos, step: step ?? steps.at(-1)! }), level: step === undefined ? 8 : 6 };
};

/** Letters and flat grounds are told best as they are, photographs by filters: one band of rows in eight says which. */
const smallest = (data: Uint8Array, rows: Rows): Uint8Array => {
  const band = BAND * rows.stride;
  const bands = Array.from({ length: Math.ceil(data.length / band / EVERY) }, (_, i) =>
    data.subarray(EVERY * i * band).subarray(0, band),
  );
  const sample = joinBytes(bands);
  const [plain, other] = [true, false].map((as) => zlibSync(filtered(sample, rows, as), { level: 3 }).length) as [number, number];
  return filtered(data, rows, plain <= other);
};

const opaque = ({ data }: Raster): boolean => {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
};

/** Colours in the order in which they first occur; undefined for more than 256. */
const indexed = ({ data }: Raster): Indexed | undefined => {
  const known = new Map<number, number>();
  const indices = new Uint8Array(data.length / 4);
  let [last, at] = [-1, 0];
  for (let i = 0; i < indices.length; i++) {
    const colour = (data[4 * i]! << 16) | (data[4 * i + 1]! << 8) | data[4 * i + 2]!;
    if (colour !== last) {
      const found = known.get(colour);
      if (found === undefined && known.size === 256) return undefined;
      at = found ?? known.size;
      if (found === undefined) known.set(colour, at);
      last = colour;
    }
    indices[i] = at;
  }
  return {
    palette: Uint8Array.from([...known.keys()].flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])),
    indices,
  };
};

const withoutAlpha = ({ data }: Raster): Uint8Array => {
  const out = new Uint8Array((data.length / 4) * 3);
  for (let i = 0, at = 0; i < data.length; i += 4) {
    out[at++] = data[i]!;
    out[at++] = data[i + 1]!;
    out[at++] = data[i + 2]!;
  }
  return out;
};

interface Content {
  readonly kind: number;
  readonly palette?: Uint8Array;
  /** Each with its filter in front. */
  readonly rows: Uint8Array;
  /** Of DEFLATE. */
  readonly level?: 3 | 6 | 8;
}

const file = ({ width, height }: Pick<Raster, "width" | "height">, { kind, palette, rows, level = 6 }: Content): Uint8Array => {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, kind, 0, 0, 0], 8);
  const parts = [
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    ...(palette === undefined ? [] : [chunk("PLTE", palette)]),
    chunk("IDAT", zlibSync(rows, { level })),
    chunk("IEND", new Uint8Array()),
  ];
  return joinBytes(parts);
};

const chunk = (name: string, data: Uint8Array): Uint8Array => {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(new TextEncoder().encode(name), 4);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc(out.subarray(4, 8 + data.length)));
  return out;
};

/** CRC-32 of bytes one at a time (ISO 3309). */
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

const crc = (bytes: Uint8Array): number => {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 255]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
};

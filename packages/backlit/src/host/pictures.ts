/**
 * Pictures from files by sharp (libvips): JPEG, PNG, WebP, GIF (first frame), TIFF (first page), AVIF, SVG; always 8-bit RGB.
 *
 * Stored samples are taken as they are: an embedded RGB profile is not applied, because the Python pipelines models were
 * trained with (Pillow) ignore it too. CMYK has no meaning without one and is converted by its profile, or a usual one.
 */
import { type DrawnText, html, onWhite, type Pixels, rawHtml } from "@backlit/core";
import { checkPixels, decodePicture, drawnOrMissing, type PictureOptions, type Pictures, readInput } from "@backlit/workbench";
import { nodeFiles } from "./files.ts";

export const nodePictures: Pictures = {
  decode: async (bytes, limits) => {
    const { default: sharp } = await import("sharp");
    // the decoder's own limit is off: ours, checked on the header, has the clearer message
    const options = { failOn: "error", limitInputPixels: false } as const;
    const { width, height, space } = await sharp(bytes, options).metadata();
    checkPixels(width, height, limits);
    const { data, info } = await sharp(bytes, { ...options, ignoreIcc: space !== "cmyk" })
      .autoOrient()
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const samples = new Uint8Array(data.buffer, data.byteOffset, data.length);
    return onWhite({ width: info.width, height: info.height, channels: info.channels as 3 | 4, data: samples });
  },
  /** WebP, a tenth of PNG's size for photographs. */
  encode: async ({ width, height, data }) => {
    const { default: sharp } = await import("sharp");
    const webp = await sharp(data, { raw: { width, height, channels: 4 } })
      .webp({ quality: 82 })
      .toBuffer();
    return { type: "image/webp", bytes: webp };
  },
  text: (text, { size, bold }) => drawnOrMissing(text, (line) => drawLine(line, size, bold)),
};

/** In the fonts of the system, as SVG has them: what is covered between the ends of the ink, from top to bottom of the line. */
const drawLine = async (text: string, size: number, bold: boolean): Promise<DrawnText> => {
  const { default: sharp } = await import("sharp");
  const [width, height, ascent] = [Math.ceil(size * (1.6 * text.length + 2)), Math.ceil(size * 2), Math.ceil(size * 1.4)];
  const weight = bold ? ' font-weight="600"' : "";
  const svg = html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><text xml:space="preserve" x="${width / 2}" y="${ascent}" text-anchor="middle" font-family="sans-serif" font-size="${size}"${rawHtml(weight)}>${text}</text></svg>`;
  const { data } = await sharp(Buffer.from(String(svg)))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const covered = (x: number, y: number) => data[4 * (y * width + x) + 3]!;
  const inked = Array.from({ length: width }, (_, x) => x).filter((x) =>
    Array.from({ length: height }, (_, y) => covered(x, y)).some(Boolean),
  );
  const [left, right] = [inked[0] ?? 0, inked.at(-1) ?? 0];
  const wide = right - left + 1;
  const cover = Uint8Array.from({ length: wide * height }, (_, i) => covered(left + (i % wide), Math.floor(i / wide)));
  return { width: wide, height, cover, ascent };
};

/**
 * Reads a picture, given as a path or as the file's bytes, as upright 8-bit RGB: the EXIF orientation is applied, 16 bits
 * are cut to the upper 8, grey is repeated, and alpha is laid on white (the colour under transparent pixels is arbitrary,
 * and a page shows cut-outs on white). Throws NotFound for a missing file and BadInput, which says what the file looks like.
 */
export const readPicture = async (source: string | Uint8Array, options: PictureOptions = {}): Promise<Pixels> => {
  if (typeof source !== "string") return decodePicture(nodePictures, source, options);
  return decodePicture(nodePictures, await readInput(nodeFiles(), source), { ...options, name: source });
};

/**
 * Pictures from files by sharp (libvips): JPEG, PNG, WebP, GIF (first frame), TIFF (first page), AVIF, SVG; always 8-bit RGB.
 *
 * Stored samples are taken as they are: an embedded RGB profile is not applied, because the Python pipelines models were
 * trained with (Pillow) ignore it too. CMYK has no meaning without one and is converted by its profile, or a usual one.
 */
import { onWhite, type Pixels } from "@backlit/core";
import { checkPixels, decodePicture, type PictureOptions, type Pictures, readInput } from "@backlit/workbench";
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

/**
 * Pictures from files by sharp (libvips): JPEG, PNG, WebP, GIF (first frame), TIFF (first page), AVIF, SVG; always 8-bit RGB.
 *
 * Stored samples are taken as they are: an embedded RGB profile is not applied, because the Python pipelines models were
 * trained with (Pillow) ignore it too. CMYK has no meaning without one and is converted by its profile, or a usual one.
 */
import { fail, isBacklitError, onWhite, type Pixels } from "@backlit/core";
import { type Looks, looksLike } from "@backlit/workbench";
import { readInputFile } from "./read-file.ts";

export interface PictureOptions {
  /** Width times height at most; default 100 million. */
  readonly maxPixels?: number;
  /** What errors call the picture when it is given as bytes. */
  readonly name?: string;
}

const MAX_PIXELS = 100_000_000;

const refuse = (looks: Looks, where: string) =>
  fail("BadInput", {
    what: "not a picture",
    where,
    why: `it looks like ${looks.as}`,
    fix: looks.kind === "other" ? looks.fix : undefined,
  });

/**
 * Reads a picture, given as a path or as the file's bytes, as upright 8-bit RGB: the EXIF orientation is applied, 16 bits
 * are cut to the upper 8, grey is repeated, and alpha is laid on white (the colour under transparent pixels is arbitrary,
 * and a page shows cut-outs on white). Throws NotFound for a missing file and BadInput, which says what the file looks like.
 */
export const readPicture = async (source: string | Uint8Array, options: PictureOptions = {}): Promise<Pixels> => {
  const where = typeof source === "string" ? source : (options.name ?? "the bytes given");
  const bytes = typeof source === "string" ? await readInputFile(source) : source;
  const looks = looksLike(bytes);
  if (looks.kind !== "picture") throw refuse(looks, where);
  try {
    return await decode(bytes, where, options.maxPixels ?? MAX_PIXELS);
  } catch (error) {
    if (isBacklitError(error)) throw error;
    const reason = error instanceof Error ? error.message.split("\n")[0] : undefined;
    throw fail("BadInput", { what: `${looks.as} that is damaged or cut short`, where, why: reason }, error);
  }
};

const decode = async (bytes: Uint8Array, where: string, maxPixels: number): Promise<Pixels> => {
  const { default: sharp } = await import("sharp");
  // the decoder's own limit is off: ours, checked on the header, has the clearer message
  const options = { failOn: "error", limitInputPixels: false } as const;
  const { width, height, space } = await sharp(bytes, options).metadata();
  if (width * height > maxPixels)
    throw fail("BadInput", {
      what: "the picture is too large",
      where,
      why: `${width}x${height} pixels are more than ${maxPixels}`,
      fix: "make it smaller first",
    });
  const { data, info } = await sharp(bytes, { ...options, ignoreIcc: space !== "cmyk" })
    .autoOrient()
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const samples = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return onWhite({ width: info.width, height: info.height, channels: info.channels as 3 | 4, data: samples });
};

/** A picture's bytes as pixels. */
import { fail, isBacklitError, onWhite, type Pixels, readBmp } from "@backlit/core";
import type { Pictures } from "../../host/host.ts";
import type { Looks } from "../looks.ts";

export interface PictureOptions {
  /** Width times height at most; default 100 million. */
  readonly maxPixels?: number;
  /** What errors call the picture. */
  readonly name?: string;
}

const MAX_PIXELS = 100_000_000;

/** Throws BadInput for a picture of more pixels than are taken; for decoders, before they decode. */
export const checkPixels = (width: number, height: number, { name, maxPixels }: Required<PictureOptions>): void => {
  if (width * height <= maxPixels) return;
  throw fail("BadInput", {
    what: "the picture is too large",
    where: name,
    why: `${width}x${height} pixels are more than ${maxPixels}`,
    fix: "make it smaller first",
  });
};

/** Upright 8-bit RGB of what looks like a picture, or like something else that is told. Throws BadInput. */
export const decoded = async (
  pictures: Pictures,
  bytes: Uint8Array,
  looks: Looks,
  { name = "the bytes given", maxPixels = MAX_PIXELS }: PictureOptions,
): Promise<Pixels> => {
  if (looks.kind !== "picture") throw noPicture(looks, name);
  try {
    return isBmp(bytes) ? onWhite(readBmp(bytes, maxPixels)) : await pictures.decode(bytes, { name, maxPixels });
  } catch (error) {
    if (isBacklitError(error)) throw error.parts.where === undefined ? fail(error._tag, { ...error.parts, where: name }) : error;
    const reason = error instanceof Error ? error.message.split("\n")[0] : undefined;
    const what = looks.fix === undefined ? `${looks.as} that is damaged or cut short` : `${looks.as} that is not decoded here`;
    throw fail("BadInput", { what, where: name, why: looks.why ?? reason, fix: looks.fix }, error);
  }
};

const isBmp = (bytes: Uint8Array): boolean => bytes[0] === 0x42 && bytes[1] === 0x4d;

const noPicture = (looks: Looks, where: string) =>
  fail("BadInput", {
    what: "not a picture",
    where,
    why: `it looks like ${looks.as}`,
    fix: looks.kind === "other" ? looks.fix : undefined,
  });

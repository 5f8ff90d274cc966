import type { Pixels } from "@backlit/core";
import type { Pictures } from "../host/host.ts";
import { looksLike } from "./looks-like.ts";
import { decoded, type PictureOptions } from "./picture/decode.ts";

/**
 * A picture's bytes as upright 8-bit RGB: the EXIF orientation is applied, 16 bits are cut to the upper 8, grey is repeated, and alpha is
 * laid on white (the colour under transparent pixels is arbitrary, and a page shows cut-outs on white). Throws BadInput, which says what
 * the bytes look like.
 */
export const decodePicture = (pictures: Pictures, bytes: Uint8Array, options: PictureOptions = {}): Promise<Pixels> =>
  decoded(pictures, bytes, looksLike(bytes), options);

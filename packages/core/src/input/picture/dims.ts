/** What a picture model's input shape says: layout, channels and size. */
import { fail } from "../../errors.ts";
import type { Preprocessor } from "./preprocessor.ts";

/** A model input's dimensions; those that are no number (names, nothing) are free. */
export type InputDims = readonly (number | string | null | undefined)[];

export interface PictureDims {
  readonly channels: 1 | 3;
  readonly layout: Preprocessor["layout"];
  readonly height: number | undefined;
  readonly width: number | undefined;
}

const isChannels = (dim: InputDims[number]): dim is 1 | 3 => dim === 1 || dim === 3;
const size = (dim: InputDims[number]): number | undefined => (typeof dim === "number" && dim > 0 ? dim : undefined);

/**
 * Reads [N, C, H, W] or [N, H, W, C] with 1 or 3 channels, as `said` where both would do (letters of `--layout`); throws BadInput for what
 * cannot take a picture.
 */
export const pictureDims = (dims: InputDims, said?: string): PictureDims => {
  const [, a, b, c] = dims;
  const last = said?.toUpperCase() === "NHWC" && isChannels(c);
  if (dims.length === 4 && isChannels(a) && !last) return { channels: a, layout: "nchw", height: size(b), width: size(c) };
  if (dims.length === 4 && isChannels(c)) return { channels: c, layout: "nhwc", height: size(a), width: size(b) };
  throw fail("BadInput", {
    what: "this model takes no picture",
    why: `its input is [${dims.map((dim) => dim ?? "?").join(", ")}], not [N, 1 or 3, height, width]`,
    fix: "give it an .npy file",
  });
};

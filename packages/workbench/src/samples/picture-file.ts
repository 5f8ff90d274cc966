/** Pictures by their bytes: what is none is told what it looks like instead. */
import { fail, guessPreprocessor, isBacklitError, type Pixels, type Preprocessor } from "@backlit/core";
import type { Pictures } from "../host/host.ts";
import { dimsOf, pictureInput } from "../models/inputs.ts";
import type { Bundle } from "../models/open.ts";
import { type Looks, looksLike } from "./looks-like.ts";

export interface PictureOptions {
  /** Width times height at most; default 100 million. */
  readonly maxPixels?: number;
  /** What errors call the picture. */
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
 * A picture's bytes as upright 8-bit RGB: the EXIF orientation is applied, 16 bits are cut to the upper 8, grey is repeated, and alpha is
 * laid on white (the colour under transparent pixels is arbitrary, and a page shows cut-outs on white). Throws BadInput, which says what
 * the bytes look like.
 */
export const decodePicture = async (pictures: Pictures, bytes: Uint8Array, options: PictureOptions = {}): Promise<Pixels> => {
  const { name = "the bytes given", maxPixels = MAX_PIXELS } = options;
  const looks = looksLike(bytes);
  if (looks.kind !== "picture") throw refuse(looks, name);
  try {
    return await pictures.decode(bytes, { name, maxPixels });
  } catch (error) {
    if (isBacklitError(error)) throw error;
    const reason = error instanceof Error ? error.message.split("\n")[0] : undefined;
    throw fail("BadInput", { what: `${looks.as} that is damaged or cut short`, where: name, why: reason }, error);
  }
};

/** How the model's pictures are prepared: as its files say, else as its kind usually wants; undefined where it takes none. */
export const preprocessorOf = ({
  model,
  preprocessor,
  reading,
}: Pick<Bundle, "model" | "preprocessor" | "reading">): Preprocessor | undefined => {
  const picture = pictureInput(model);
  return preprocessor ?? (picture && guessPreprocessor(dimsOf(picture), reading?.layout));
};

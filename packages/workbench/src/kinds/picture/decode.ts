/** Pictures by their bytes: what is none is told what it looks like instead. */
import {
  fail,
  guessPreprocessor,
  isBacklitError,
  onWhite,
  type Pixels,
  type Preprocessor,
  readBmp,
  type SaidPreprocessing,
  sayPreprocessing,
} from "@backlit/core";
import type { Pictures } from "../../host/host.ts";
import { dimsOf, modelInputs, pictureInput, shapeOf } from "../../models/inputs.ts";
import type { Bundle } from "../../models/open.ts";
import { type Looks, looksLike } from "../looks-like.ts";

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
    return isBmp(bytes) ? onWhite(readBmp(bytes, maxPixels)) : await pictures.decode(bytes, { name, maxPixels });
  } catch (error) {
    if (isBacklitError(error)) throw error.parts.where === undefined ? fail(error._tag, { ...error.parts, where: name }) : error;
    const reason = error instanceof Error ? error.message.split("\n")[0] : undefined;
    const what = looks.fix === undefined ? `${looks.as} that is damaged or cut short` : `${looks.as} that is not decoded here`;
    throw fail("BadInput", { what, where: name, why: reason, fix: looks.fix }, error);
  }
};

const isBmp = (bytes: Uint8Array): boolean => bytes[0] === 0x42 && bytes[1] === 0x4d;

/** How the model's pictures are prepared: as its files say, else as its kind usually wants; undefined where it takes none. */
export const preprocessorOf = ({
  model,
  preprocessor,
  reading,
}: Pick<Bundle, "model" | "preprocessor" | "reading">): Preprocessor | undefined => {
  const picture = pictureInput(model);
  return preprocessor ?? (picture && guessPreprocessor(dimsOf(picture), reading?.layout));
};

/**
 * The model with what is said of its pictures, over its files. A mean said of the reading is that of the channels where the model takes
 * pictures. Errors: BadInput for a model that takes none, and for sizes and numbers that do not fit it.
 */
export const withPreprocessing = (bundle: Bundle, said: SaidPreprocessing = {}): Bundle => {
  const picture = pictureInput(bundle.model);
  const layout = said.layout ?? bundle.reading?.layout;
  if (picture !== undefined && Object.keys(said).length > 0) {
    const preprocessor = sayPreprocessing(
      { ...said, ...(layout !== undefined && { layout }) },
      dimsOf(picture),
      bundle.preprocessor,
    );
    return { ...bundle, preprocessor };
  }
  if (Object.keys(said).length === 0) return bundle;
  throw fail("BadInput", {
    what: `the model takes no pictures, so ${Object.keys(said)
      .map((option) => `--${option}`)
      .join(", ")} has no meaning`,
    why: `its input is ${modelInputs(bundle.model).map(shapeOf).join(", ")}`,
    fix: "leave it out",
  });
};

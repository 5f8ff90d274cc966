/** What somebody says of a model's pictures where no file does, laid over what a file says or what is usual. */
import { fail } from "../../errors.ts";
import { isLength, perChannel } from "./config.ts";
import { type InputDims, pictureDims } from "./dims.ts";
import { guessedValues, guessNotices, guessPreprocessor, type PictureHints } from "./guess.ts";
import type { CropStep, Preprocessor, ResizeStep } from "./preprocessor.ts";
import { AFFINE, PICTURE_RANGES, type PictureRange } from "./ranges.ts";

/** Plain data; each is optional, and what is left out stays as it was. */
export interface SaidPreprocessing {
  /** Taken away from each channel, in the model's order: one number or one a channel, in the units of `range`. */
  readonly mean?: number | readonly number[];
  /** What is divided by then. */
  readonly std?: number | readonly number[];
  /** With `crop` a number is the shorter edge; alone it is both edges. [width, height] is the size, whatever the proportions. */
  readonly size?: number | readonly [width: number, height: number];
  /** The centre that is cut out, a square or [width, height]. */
  readonly crop?: number | readonly [width: number, height: number];
  readonly range?: PictureRange;
  /** The model's channels are blue, green, red. */
  readonly bgr?: boolean;
  /** Letters of the axes, NCHW or NHWC, where the shape tells neither. */
  readonly layout?: string;
}

/** What the words stand on: what the model's files say (`known`), else what is guessed from its hints. */
export interface PictureBase extends PictureHints {
  readonly known?: Preprocessor | undefined;
}

/**
 * The preprocessing with what is said of it, over what the model's files say; without them the rest is guessed, and the notices name
 * what still is. A mean above 1 without a range is of pixels from 0 to 255. Errors: BadInput for sizes, numbers and deviations that the
 * model's input `dims` cannot have.
 */
export const sayPreprocessing = (said: SaidPreprocessing, dims: InputDims, hints: PictureBase = {}): Preprocessor => {
  const { known, own, bytes = false } = hints;
  const base = known ?? guessPreprocessor(dims, { layout: said.layout, own, bytes });
  if (bytes) checkBytes(said);
  const { channels, layout, height, width } = pictureDims(dims, said.layout);
  const frame = frameOf(said, base);
  const values = valuesOf(said, channels, base);
  const made = { ...base, ...frame, ...values, channels, layout, ...(said.bgr && { order: "bgr" as const }) };
  const size = made.crop ?? (made.resize?.to === "size" ? made.resize : undefined);
  if (frame && size && ((width ?? size.width) !== size.width || (height ?? size.height) !== size.height))
    throw fail("BadInput", {
      what: `pictures of ${size.width}x${size.height} pixels`,
      why: `the model takes ${width ?? "any"}x${height ?? "any"}`,
      fix: "give that with --size, or with --crop",
    });
  return {
    ...made,
    notices: known
      ? known.notices
      : stillGuessed(made, { frame: frame !== undefined, values: bytes || values !== undefined, own }),
  };
};

interface Said extends Pick<PictureHints, "own"> {
  readonly frame: boolean;
  readonly values: boolean;
}

const stillGuessed = ({ resize, crop, channels }: Preprocessor, said: Said): string[] => {
  const size = crop ?? (resize?.to === "size" ? resize : undefined);
  return guessNotices({
    frame: said.frame || size === undefined ? undefined : `${size.width}x${size.height} pixels${crop ? " (centre)" : ""}`,
    values: said.values ? undefined : guessedValues(channels, said.own),
  });
};

/** What bytes are made of stands in the model. */
const checkBytes = ({ mean, std, range = "0..255" }: SaidPreprocessing): void => {
  if ((mean ?? std) !== undefined || range !== "0..255")
    throw fail("BadInput", { what: "--mean, --std, --range", why: "the model takes bytes", fix: "leave them out" });
};

const pair = (option: string, size: number | readonly [number, number]): { width: number; height: number } => {
  const [width, height] = typeof size === "number" ? [size, size] : size;
  if (isLength(width) && isLength(height)) return { width, height };
  throw fail("BadInput", { what: `--${option} ${[size].flat().join("x")}`, fix: "give whole numbers of pixels from 1" });
};

const frameOf = ({ size, crop }: SaidPreprocessing, base: Preprocessor): Pick<Preprocessor, "resize" | "crop"> | undefined => {
  if (size === undefined && crop === undefined) return undefined;
  const filter = base.resize?.filter ?? "bilinear";
  const cut: CropStep | null = crop === undefined ? null : { ...pair("crop", crop), margin: "even" };
  if (size === undefined) return { resize: base.resize, crop: cut };
  const to = pair("size", size);
  const resize: ResizeStep =
    cut !== null && typeof size === "number"
      ? { to: "shortest-edge", edge: to.width, filter }
      : { to: "size", width: to.width, height: to.height, filter };
  return { resize, crop: cut };
};

type Values = Pick<Preprocessor, "scale" | "offset" | "mean" | "std">;

const valuesOf = ({ mean, std, range }: SaidPreprocessing, channels: 1 | 3, base: Preprocessor): Values | undefined => {
  if (mean === undefined && std === undefined && range === undefined) return undefined;
  const of = (option: string, numbers: number | readonly number[] | undefined, usual: number): readonly number[] => {
    const list = [numbers ?? usual].flat();
    if (list.length === 1 || list.length === channels) return perChannel(list, channels, option);
    throw fail("BadInput", {
      what: `--${option} ${list.join(",")}`,
      why: `the model's pictures have ${channels} channel${channels > 1 ? "s" : ""}`,
      fix: `give one number${channels > 1 ? `, or ${channels}` : ""}`,
    });
  };
  const means = of("mean", mean, 0);
  const deviations = of("std", std, 1);
  if (deviations.some((deviation) => !(deviation > 0)))
    throw fail("BadInput", { what: `--std ${deviations.join(",")}`, fix: "give numbers above 0" });
  const bytes = means.some((one) => one > 1);
  const affine = range === undefined ? (bytes ? "0..255" : ranged(base)) : range;
  return { ...AFFINE[affine], mean: means, std: deviations };
};

/** Of a file that scales to one of them; what it scales to otherwise is taken for 0..1. */
const ranged = ({ scale, offset }: Preprocessor): PictureRange =>
  PICTURE_RANGES.find((range) => AFFINE[range].scale === scale && AFFINE[range].offset === offset) ?? "0..1";

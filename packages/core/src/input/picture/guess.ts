import { type InputDims, pictureDims } from "./dims.ts";
import { asBytes, IMAGENET, type Preprocessor } from "./preprocessor.ts";
import { AFFINE, type PictureRange } from "./ranges.ts";

const DEFAULT_SIZE = 224;
/** Pixels from which on nets look at the middle of a picture, as ImageNet's do; smaller ones are fed with whole pictures. */
const CROPPED = 128;

/** What is known of a model's pictures besides the sizes of its input. */
export interface PictureHints {
  /** Letters that somebody says of the axes, as NHWC. */
  readonly layout?: string | undefined;
  /** The model scales its pixels itself (`ownRange`): what it does so for, and where. */
  readonly own?: { readonly range: PictureRange; readonly node: string } | undefined;
  /** The model takes bytes (uint8): there is no range to guess. */
  readonly bytes?: boolean | undefined;
}

/**
 * Preprocessing when no config says: the size from the model's input (224 where it is free), and pixels as the model's own scaling wants
 * them. Else colour pictures are as torchvision's ImageNet models take them (ImageNet mean and deviation; from 128 pixels on the shortest
 * edge at 256/224 of the size and a centre crop); grey ones are scaled to 0..1. The notices say that it is a guess.
 */
export const guessPreprocessor = (inputDims: InputDims, hints: PictureHints = {}): Preprocessor => {
  const { layout: said, own, bytes = false } = hints;
  const dims = pictureDims(inputDims, said);
  const { channels, layout, height = dims.width ?? DEFAULT_SIZE, width = height } = dims;
  const cropped = channels === 3 && width === height && width >= CROPPED;
  const plain = { mean: Array(channels).fill(0), std: Array(channels).fill(1) };
  const guess: Preprocessor = {
    channels,
    layout,
    order: "rgb",
    ...AFFINE[own?.range ?? "0..1"],
    ...(own !== undefined || channels === 1 ? plain : IMAGENET),
    ...(cropped
      ? {
          resize: { to: "shortest-edge", edge: Math.floor((width * 256) / 224), filter: "bilinear" },
          crop: { width, height, margin: "even" },
        }
      : { resize: { to: "size", width, height, filter: "bilinear" }, crop: null }),
    notices: guessNotices({
      frame: `${width}x${height} pixels${cropped ? " (centre)" : ""}`,
      values: bytes ? undefined : guessedValues(channels, own),
    }),
  };
  return bytes ? asBytes(guess) : guess;
};

/** What is guessed, and with which options it is said instead; none where nothing is. */
export const guessNotices = ({
  frame,
  values,
}: {
  readonly frame?: string | undefined;
  readonly values?: string | undefined;
}): string[] => {
  const guessed = [frame, values].filter((part) => part !== undefined);
  const options = [...(frame === undefined ? [] : ["--size"]), ...(values === undefined ? [] : ["--mean", "--std"])];
  return guessed.length === 0 ? [] : [`no preprocessor_config.json: guessed ${guessed.join(", ")} (${options.join(", ")})`];
};

/** What a guess takes the numbers for, in words. */
export const guessedValues = (channels: 1 | 3, own: PictureHints["own"]): string => {
  if (own !== undefined) return `${own.range}, which the model scales itself (${own.node})`;
  return channels === 1 ? "grey, 0..1" : "ImageNet mean and deviation";
};

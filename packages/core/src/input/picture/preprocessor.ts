/**
 * What happens to a picture before a model sees it, as plain data (JSON). In this order: channels, resize, centre crop, and
 * for each 8-bit sample v of channel c the affine map
 *
 *   value = (v · scale + offset − mean[c]) / std[c]
 */
import type { ResizeFilter } from "./resize.ts";

export interface Preprocessor {
  readonly channels: 1 | 3;
  /** The order of the model's channels. */
  readonly order: "rgb" | "bgr";
  /** nchw: [1, C, H, W]; nhwc: [1, H, W, C]. */
  readonly layout: "nchw" | "nhwc";
  readonly resize: ResizeStep | null;
  readonly crop: CropStep | null;
  /** 1/255 as a rule; 1 when the model takes 0..255. */
  readonly scale: number;
  readonly offset: number;
  /** Per channel in the model's order; 0 and 1 when nothing is normalised. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** The model takes the bytes themselves, as uint8. */
  readonly bytes?: true;
  /** What had to be assumed, in sentences for the user. */
  readonly notices: readonly string[];
}

export type ResizeStep =
  /** To this size, whatever the proportions. */
  | { readonly to: "size"; readonly width: number; readonly height: number; readonly filter: ResizeFilter }
  /** The shorter edge to this length, the longer in proportion and rounded down. */
  | { readonly to: "shortest-edge"; readonly edge: number; readonly filter: ResizeFilter };

/** A centre crop; what lies outside the picture is black. */
export interface CropStep {
  readonly width: number;
  readonly height: number;
  /** An odd margin's half: rounded down (Hugging Face), or to the even neighbour (torchvision, timm). */
  readonly margin: "floor" | "even";
}

/** The same where the model takes the pixels' bytes and makes numbers of them itself. */
export const asBytes = (of: Preprocessor): Preprocessor => ({
  ...of,
  scale: 1,
  offset: 0,
  mean: of.mean.map(() => 0),
  std: of.std.map(() => 1),
  bytes: true,
});

export const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/** All values a channel can take, by 8-bit sample; rounded to float32 after each step, as NumPy does. */
export const sampleValues = ({ scale, offset, mean, std }: Preprocessor, channel: number): Float32Array =>
  Float32Array.from({ length: 256 }, (_, sample) => {
    const rescaled = Math.fround(Math.fround(sample * scale) + offset);
    return Math.fround(rescaled - Math.fround(mean[channel]!)) / Math.fround(std[channel]!);
  });

/** The value black and white pixels take in each channel (the model's order): the box of the z^B rule, low ≤ high. */
export const pixelBox = (config: Preprocessor): { low: number[]; high: number[] } => {
  const ends = config.mean.map((_, channel) => {
    const values = sampleValues(config, channel);
    return [values[0]!, values[255]!].sort((a, b) => a - b);
  });
  return { low: ends.map(([low]) => low!), high: ends.map(([, high]) => high!) };
};

/**
 * timm's `pretrained_cfg` (in config.json of timm models): the picture's shortest edge becomes ⌊size / crop_pct⌋ (or, with
 * `crop_mode: "squash"`, both edges do), the centre of `input_size` is cut out. Source: timm's documentation of its data config.
 */
import { badConfig, type Config, filter, isLength, number, numbers, perChannel, text } from "./config.ts";
import type { PictureDims } from "./dims.ts";
import { IMAGENET, type Preprocessor } from "./preprocessor.ts";

/** Reads a parsed `pretrained_cfg`. `dims`, where known, decides the layout. Throws BadInput. */
export const readTimm = (config: Config, dims?: PictureDims): Preprocessor => {
  const inputSize = numbers(config, "input_size") ?? [3, 224, 224];
  const [channels, height, width] = inputSize;
  if ((channels !== 1 && channels !== 3) || !isLength(height) || !isLength(width))
    throw badConfig("input_size", inputSize, "[1 or 3, height, width]");
  const part = number(config, "crop_pct") ?? 0.875;
  const mode = text(config, "crop_mode") ?? "center";
  // timm trains with "random" interpolation and evaluates such models with bilinear
  const using = config.interpolation === "random" ? "bilinear" : (filter(config, "interpolation") ?? "bicubic");
  const scaled = { width: Math.floor(width / part), height: Math.floor(height / part) };
  if (mode !== "squash" && (mode !== "center" || width !== height))
    throw badConfig("crop_mode", mode, `"center" with a square input or "squash"`);
  return {
    channels,
    order: "rgb",
    layout: dims?.layout ?? "nchw",
    resize:
      mode === "center" ? { to: "shortest-edge", edge: scaled.height, filter: using } : { to: "size", ...scaled, filter: using },
    crop: { width, height, margin: "even" },
    scale: 1 / 255,
    offset: 0,
    mean: perChannel(numbers(config, "mean") ?? IMAGENET.mean, channels, "mean"),
    std: perChannel(numbers(config, "std") ?? IMAGENET.std, channels, "std"),
    notices: [],
  };
};

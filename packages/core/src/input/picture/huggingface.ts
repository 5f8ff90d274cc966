/**
 * Hugging Face's preprocessor_config.json. The file names a class (`image_processor_type`, before 2022 `feature_extractor_type`)
 * and its options; options left out take the class's defaults, and three classes resize in a way of their own:
 *   ConvNext    below 384: shortest edge to ⌊edge / crop_pct⌋, then the centre edge²; from 384 on: squeezed to edge²
 *   PoolFormer  sizes divided by crop_pct before the crop
 *   Levit       shortest edge times 256/224
 * Source: the documentation of transformers' image processors (4.57).
 */
import { badConfig, type Config, filter, flag, isLength, isRecord, number, numbers, perChannel, text } from "./config.ts";
import type { PictureDims } from "./dims.ts";
import { type CropStep, IMAGENET, type Preprocessor, type ResizeStep } from "./preprocessor.ts";
import type { ResizeFilter } from "./resize.ts";

const HALF = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
const IMAGENET_STATISTICS = { image_mean: IMAGENET.mean, image_std: IMAGENET.std };
const CLIP_STATISTICS = {
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
};
const BILINEAR = 2;
const BICUBIC = 3;
const square = (edge: number) => ({ height: edge, width: edge });
const shortest = (edge: number) => ({ shortest_edge: edge });

const clip: Config = { size: shortest(224), resample: BICUBIC, do_center_crop: true, crop_size: 224, ...CLIP_STATISTICS };
const beit: Config = { size: square(256), resample: BICUBIC, do_center_crop: true, crop_size: 224, ...HALF };
const mobileNet: Config = { size: shortest(256), resample: BILINEAR, do_center_crop: true, crop_size: 224, ...HALF };
const imagenetCrop: Config = {
  size: shortest(224),
  resample: BICUBIC,
  do_center_crop: true,
  crop_size: 224,
  ...IMAGENET_STATISTICS,
};

/** Each class's defaults, in the words of the file. `size: shortest(…)` also says what a plain number means. */
const classes: Readonly<Record<string, Config>> = {
  ViT: { size: square(224), resample: BILINEAR, ...HALF },
  DeiT: beit,
  Beit: beit,
  ConvNext: { size: shortest(384), resample: BILINEAR, crop_pct: 224 / 256, ...HALF },
  Bit: clip,
  CLIP: clip,
  ChineseCLIP: clip,
  EfficientNet: { size: square(346), resample: 0, crop_size: 289, ...HALF },
  Levit: imagenetCrop,
  PoolFormer: { ...imagenetCrop, crop_pct: 0.9 },
  MobileNetV1: mobileNet,
  MobileNetV2: mobileNet,
  MobileViT: {
    size: shortest(224),
    resample: BILINEAR,
    do_center_crop: true,
    crop_size: 256,
    do_flip_channel_order: true,
    do_normalize: false,
  },
  Siglip: { size: square(224), resample: BICUBIC, ...HALF },
  Pvt: { size: square(224), resample: BILINEAR, ...IMAGENET_STATISTICS },
};

const className = (config: Config): string | undefined =>
  (text(config, "image_processor_type") ?? text(config, "feature_extractor_type"))?.replace(
    /(ImageProcessor|FeatureExtractor)(Fast)?$/,
    "",
  );

const withoutNulls = (config: Config): Config => Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));

/** {height, width}, [height, width] or a number (a square). */
const readSize = (config: Config, key: string): { width: number; height: number } | undefined => {
  const value = config[key];
  if (value === undefined) return undefined;
  const [height, width] = Array.isArray(value) ? value : isRecord(value) ? [value.height, value.width] : [value, value];
  if (isLength(height) && isLength(width)) return { width, height };
  throw badConfig(key, value, "a number or height and width");
};

/** The single number of `{shortest_edge}`, or of a plain number in a class whose sizes mean the shortest edge. */
const readEdge = (size: unknown, plainIsEdge: boolean): number | undefined => {
  const edge = isRecord(size) && size.longest_edge === undefined ? size.shortest_edge : plainIsEdge ? size : undefined;
  return isLength(edge) ? edge : undefined;
};

const toEdge = (edge: number, filter: ResizeFilter): ResizeStep => ({ to: "shortest-edge", edge: Math.trunc(edge), filter });
const toSize = (size: { width: number; height: number }, filter: ResizeFilter): ResizeStep => ({ to: "size", ...size, filter });

/** Resize and crop, which some classes tie together. */
const readFrame = (config: Config, kind: string | undefined, plainIsEdge: boolean): Pick<Preprocessor, "resize" | "crop"> => {
  const using = filter(config, "resample") ?? "bilinear";
  const cropSize = flag(config, "do_center_crop") ? readSize(config, "crop_size") : undefined;
  // `crop_rounding` is a key of our own: other files mean "floor".
  const margin = text(config, "crop_rounding") === "even" ? "even" : "floor";
  const crop: CropStep | null = cropSize ? { ...cropSize, margin } : null;
  if (flag(config, "do_resize") === false || config.size === undefined) return { resize: null, crop };
  const edge = readEdge(config.size, plainIsEdge);
  const part = number(config, "crop_pct") ?? 1;
  if (kind === "ConvNext" && edge !== undefined)
    return edge < 384
      ? { resize: toEdge(edge / part, using), crop: { ...square(edge), margin: "floor" } }
      : { resize: toSize(square(edge), using), crop };
  if (kind === "Levit" && edge !== undefined) return { resize: toEdge((256 / 224) * edge, using), crop };
  if (edge !== undefined) return { resize: toEdge(edge / part, using), crop };
  const { width, height } = readSize(config, "size")!;
  if (part !== 1 && width === height) return { resize: toEdge(height / part, using), crop };
  return { resize: toSize({ width: Math.trunc(width / part), height: Math.trunc(height / part) }, using), crop };
};

/** The affine map from samples to values. EfficientNet's `include_top` divides by the deviation once more. */
const readValues = (config: Config, channels: 1 | 3): Pick<Preprocessor, "scale" | "offset" | "mean" | "std"> => {
  const scale = flag(config, "do_rescale") === false ? 1 : (number(config, "rescale_factor") ?? 1 / 255);
  const offset = flag(config, "rescale_offset") ? -1 : 0;
  const normalize = flag(config, "do_normalize") ?? true;
  const mean = perChannel((normalize ? numbers(config, "image_mean") : undefined) ?? [0], channels, "image_mean");
  const std = perChannel((normalize ? numbers(config, "image_std") : undefined) ?? [1], channels, "image_std");
  if (std.some((deviation) => deviation === 0)) throw badConfig("image_std", std, "numbers other than 0");
  return { scale, offset, mean, std: flag(config, "include_top") ? std.map((deviation) => deviation ** 2) : std };
};

const noticesOf = (config: Config, kind: string | undefined): string[] => {
  const known = Object.hasOwn(classes, kind ?? "");
  const lacksStatistics = (flag(config, "do_normalize") ?? true) && !numbers(config, "image_mean");
  const lacksSize = (flag(config, "do_resize") ?? true) && config.size === undefined;
  const missing = [lacksStatistics && "mean and deviation (none applied)", lacksSize && "size (picture left as it is)"];
  return [
    ...missing.filter((what) => what && !known).map((what) => `the preprocessing config gives no ${what}`),
    ...(flag(config, "do_pad") ? ["the preprocessing config asks for padding, which is left out"] : []),
  ];
};

/** Reads a parsed preprocessor_config.json. `dims`, where known, decides channels and layout. Throws BadInput. */
export const readHuggingFace = (file: Config, dims?: PictureDims): Preprocessor => {
  const kind = className(file);
  const defaults = classes[kind ?? ""] ?? {};
  const config = { ...defaults, ...withoutNulls(file) };
  const grey = flag(config, "do_grayscale") || numbers(config, "image_mean")?.length === 1;
  const channels = dims?.channels ?? (grey ? 1 : 3);
  return {
    channels,
    order: flag(config, "do_flip_channel_order") ? "bgr" : "rgb",
    layout: dims?.layout ?? "nchw",
    ...readFrame(config, kind, isRecord(defaults.size) && "shortest_edge" in defaults.size),
    ...readValues(config, channels),
    notices: noticesOf(config, kind),
  };
};

import { fail } from "../../errors.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Geometry, Size } from "./geometry.ts";
import { cropPixels, type Pixels, withChannels } from "./pixels.ts";
import { type CropStep, type Preprocessor, type ResizeStep, sampleValues } from "./preprocessor.ts";
import { resize } from "./resize.ts";

const MAX_PIXELS = 100_000_000;

/** Refuses sizes no model has, which a very thin picture (or a hostile config) would ask for. */
const checkSize = ({ width, height }: Size, image: Size): void => {
  if (width * height <= MAX_PIXELS) return;
  const why = `its ${image.width}x${image.height} pixels would become ${width}x${height}`;
  throw fail("BadInput", { what: "the picture cannot be brought to the model's size", why, fix: "crop it first" });
};

const resizedSize = ({ width, height }: Size, plan: ResizeStep | null): Size => {
  if (plan === null) return { width, height };
  if (plan.to === "size") return plan;
  const long = Math.max(1, Math.floor((plan.edge * Math.max(width, height)) / Math.min(width, height)));
  return width <= height ? { width: plan.edge, height: long } : { width: long, height: plan.edge };
};

/** The window's offset for a margin on both sides together; negative where a small picture is padded. */
const halfMargin = (margin: number, rounding: CropStep["margin"]): number => {
  if (rounding === "floor") return Math.floor(margin / 2);
  if (margin < 0) return Math.ceil(margin / 2) + 0; // + 0: no negative zero
  return margin % 4 === 3 ? Math.ceil(margin / 2) : Math.floor(margin / 2);
};

/** Where each channel's and pixel's value lies in a tensor of the layout. */
const strides = ({ layout, channels }: Preprocessor, pixels: number) =>
  layout === "nchw" ? { channel: pixels, pixel: 1 } : { channel: 1, pixel: channels };

const tensorDims = ({ layout, channels }: Preprocessor, { width, height }: Size): number[] =>
  layout === "nchw" ? [1, channels, height, width] : [1, height, width, channels];

/** The picture's channel that becomes channel c of the model; the same map back. */
const channelOf = ({ order, channels }: Preprocessor, c: number): number => (order === "bgr" ? channels - 1 - c : c);

/**
 * The model's input for a picture: float32 [1, C, H, W] (or [1, H, W, C]), uint8 where it takes bytes, and how it lies on the picture.
 * The picture's channels are converted first: alpha laid on white, grey repeated, colour to grey for one-channel models.
 */
export const preprocess = (image: Pixels, config: Preprocessor): { tensor: Tensor; geometry: Geometry } => {
  const resized = resizedSize(image, config.resize);
  const input = config.crop ?? resized;
  checkSize(resized, image);
  checkSize(input, image);
  const rounding = config.crop?.margin ?? "floor";
  const left = halfMargin(resized.width - input.width, rounding);
  const top = halfMargin(resized.height - input.height, rounding);
  const whole = withChannels(image, config.channels);
  const scaled = config.resize ? resize(whole, resized.width, resized.height, config.resize.filter) : whole;
  const seen = cropPixels(scaled, { left, top, width: input.width, height: input.height });
  const size = ({ width, height }: Size): Size => ({ width, height });
  return {
    tensor: { type: config.bytes ? "uint8" : "float32", dims: tensorDims(config, input), data: toValues(seen, config) },
    geometry: { picture: size(image), resized: size(resized), input: size(input), left, top },
  };
};

const toValues = (seen: Pixels, config: Preprocessor): Float32Array | Uint8Array => {
  const count = seen.width * seen.height;
  const at = strides(config, count);
  const data = new (config.bytes ? Uint8Array : Float32Array)(count * config.channels);
  for (let c = 0; c < config.channels; c++) {
    const values = sampleValues(config, c);
    for (let i = 0, from = channelOf(config, c); i < count; i++, from += config.channels)
      data[c * at.channel + i * at.pixel] = values[seen.data[from]!]!;
  }
  return data;
};

/**
 * The input as a picture again (rounded and clipped to 0..255), to lay a heatmap on what the model saw. `tensor` is
 * [N, C, H, W] (or [N, H, W, C]) in float32, of bytes also as the model has turned their axes; `index` the picture of the batch. Throws
 * BadInput for another shape.
 */
export const depreprocess = (tensor: Tensor, given: Preprocessor, index = 0): Pixels => {
  const [batch = 0, a = 0, b = 0, c = 0] = tensor.dims;
  const layout = given.bytes && c !== given.channels ? "nchw" : given.layout;
  const config = { ...given, layout };
  const [channels, height, width] = config.layout === "nchw" ? [a, b, c] : [c, a, b];
  if (
    tensor.dims.length !== 4 ||
    channels !== config.channels ||
    index >= batch ||
    !(config.bytes || tensor.data instanceof Float32Array)
  )
    throw fail("BadInput", {
      what: `a tensor ${tensor.type} [${tensor.dims.join(", ")}] is no picture`,
      why: `expected float32 ${config.layout.toUpperCase()} with ${config.channels} channels`,
    });
  const count = height * width;
  const at = strides(config, count);
  const start = index * count * channels;
  const data = new Uint8Array(count * channels);
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0, to = channelOf(config, channel); i < count; i++, to += channels) {
      const value = (tensor.data as Float32Array)[start + channel * at.channel + i * at.pixel]!;
      const sample = (value * config.std[channel]! + config.mean[channel]! - config.offset) / config.scale;
      data[to] = Math.min(255, Math.max(0, Math.round(sample)));
    }
  return { width, height, channels: config.channels, data };
};

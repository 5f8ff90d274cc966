import { type InputDims, pictureDims } from "./dims.ts";
import { IMAGENET, type Preprocessor } from "./preprocessor.ts";

const DEFAULT_SIZE = 224;

/**
 * Preprocessing when no config says: the size from the model's input (224 where it is free). Colour pictures as torchvision's
 * ImageNet models take them (shortest edge at 256/224 of the size, centre crop, ImageNet mean and deviation); grey ones are
 * squeezed to the size and scaled to 0..1. The notices say that it is a guess. `said`: the layout somebody says of the axes, as NHWC.
 */
export const guessPreprocessor = (inputDims: InputDims, said?: string): Preprocessor => {
  const dims = pictureDims(inputDims, said);
  const { channels, layout, height = dims.width ?? DEFAULT_SIZE, width = height } = dims;
  const base = { channels, layout, order: "rgb", scale: 1 / 255, offset: 0 } as const;
  const guessed = `no preprocessor_config.json: guessed ${width}x${height} pixels`;
  if (channels === 1 || width !== height)
    return {
      ...base,
      resize: { to: "size", width, height, filter: "bilinear" },
      crop: null,
      ...(channels === 1 ? { mean: [0], std: [1] } : IMAGENET),
      notices: [channels === 1 ? `${guessed}, grey, 0..1` : `${guessed}, ImageNet mean and deviation`],
    };
  return {
    ...base,
    resize: { to: "shortest-edge", edge: Math.floor((width * 256) / 224), filter: "bilinear" },
    crop: { width, height, margin: "even" },
    ...IMAGENET,
    notices: [`${guessed} (centre), ImageNet mean and deviation`],
  };
};

/** The preprocessor_config.json of a preprocessing: `readPreprocessor` makes the same of it. */
import type { Preprocessor } from "./preprocessor.ts";
import { RESIZE_CODES } from "./resize-codes.ts";

const sized = ({ width, height }: { readonly width: number; readonly height: number }) => ({ height, width });

/** In Hugging Face's words, as plain JSON. Layout and channels are the model's own and are not in it; an offset is 0 or −1 there. */
export const writePreprocessor = (of: Preprocessor): Readonly<Record<string, unknown>> => {
  const { resize, crop, scale, offset, mean, std, order } = of;
  const normalize = mean.some((one) => one !== 0) || std.some((one) => one !== 1);
  return {
    do_resize: resize !== null,
    ...(resize && {
      size: resize.to === "size" ? sized(resize) : { shortest_edge: resize.edge },
      resample: RESIZE_CODES.indexOf(resize.filter),
    }),
    do_center_crop: crop !== null,
    ...(crop && { crop_size: sized(crop), crop_rounding: crop.margin }),
    do_rescale: scale !== 1,
    ...(scale !== 1 && { rescale_factor: scale }),
    ...(offset === -1 && { rescale_offset: true }),
    do_normalize: normalize,
    ...(normalize && { image_mean: mean, image_std: std }),
    ...(order === "bgr" && { do_flip_channel_order: true }),
  };
};

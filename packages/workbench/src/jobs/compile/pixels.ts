/** `compile` with the model's preprocessing in front: what is put there, and how the result is compared with the model. */
import {
  depreprocess,
  fail,
  floatToHalf,
  type ModelProto,
  type Pixels,
  type PixelsTaken,
  type Preprocessor,
  preprocess,
  type Session,
  type Tensor,
  takingPixels,
  toFloat32,
} from "@backlit/core";
import { preprocessorOf } from "../../kinds/picture/preprocessor.ts";
import { pictureInput } from "../../models/inputs.ts";
import type { Bundle } from "../../models/open.ts";

export interface PixelsInFront {
  readonly model: ModelProto;
  readonly taken: PixelsTaken;
  readonly preprocessor: Preprocessor;
}

/** Errors: Usage for a model that takes no pictures. */
export const withPixels = (model: ModelProto, bundle: Bundle, resize: boolean): PixelsInFront => {
  const [input, preprocessor] = [pictureInput(bundle.model), preprocessorOf(bundle)];
  if (input === undefined || preprocessor === undefined)
    throw fail("Usage", { what: "--preprocess", why: "the model takes no pictures", fix: "leave it out" });
  if (preprocessor.bytes)
    throw fail("Usage", {
      what: "--preprocess",
      why: `the model takes a picture's bytes already ('${input.name}')`,
      fix: "leave it out",
    });
  return { ...takingPixels(model, preprocessor, { input: input.name, resize }), preprocessor };
};

type Sessions = Readonly<Record<"original" | "artefact", Session>>;

/**
 * Both sessions as ones that take the model's own floats: what the check feeds becomes the nearest picture, which the artefact gets as bytes
 * and the model as its preprocessing makes numbers of it. The picture has the size it is resized to, so that nothing is resampled.
 */
export const seenThroughPixels = (
  { original, artefact }: Sessions,
  { taken, preprocessor }: Pick<PixelsInFront, "taken" | "preprocessor">,
): Sessions => {
  const { input, value, inside } = taken;
  const step = inside.resize;
  const steps: Preprocessor = { ...preprocessor, resize: null, crop: null };
  const picturesOf = (fed: Tensor): readonly Pixels[] => {
    const floats = { ...toFloat32(fed), dims: fed.dims };
    return Array.from({ length: fed.dims[0]! }, (_, n) => {
      const seen = depreprocess(floats, steps, n);
      if (step === null) return seen;
      return step.to === "size" ? framed(seen, step) : framed(seen, { width: step.edge, height: step.edge });
    });
  };
  const modelsOwn = (fed: Tensor): Tensor => {
    const all = picturesOf(fed).map((one) => preprocess(one, { ...steps, crop: inside.crop }).tensor.data as Float32Array);
    const data = Float32Array.from(all.flatMap((one) => Array.from(one)));
    return fed.type === "float16" ? { ...fed, data: Uint16Array.from(data, floatToHalf) } : { ...fed, data };
  };
  const bytes = (fed: Tensor): Tensor => {
    const all = picturesOf(fed);
    const { width, height, channels } = all[0]!;
    const data = Uint8Array.from(all.flatMap((one) => Array.from(one.data)));
    return { type: "uint8", dims: [all.length, height, width, channels], data };
  };
  return {
    original: { ...original, run: (feeds, fetches) => original.run(replaced(feeds, value, modelsOwn), fetches) },
    artefact: {
      ...artefact,
      inputNames: artefact.inputNames.map((name) => (name === input ? value : name)),
      run: (feeds, fetches) => {
        const { [value]: fed, ...others } = feeds;
        return artefact.run({ ...others, ...(fed && { [input]: bytes(fed) }) }, fetches);
      },
    },
  };
};

const replaced = (feeds: Readonly<Record<string, Tensor>>, name: string, make: (fed: Tensor) => Tensor) => ({
  ...feeds,
  ...(feeds[name] && { [name]: make(feeds[name]) }),
});

/** In the middle of a black picture of that size. */
const framed = (seen: Pixels, { width, height }: { readonly width: number; readonly height: number }): Pixels => {
  const { channels } = seen;
  const [left, top] = [(width - seen.width) >> 1, (height - seen.height) >> 1];
  const data = new Uint8Array(width * height * channels);
  for (let y = Math.max(0, top); y < Math.min(height, top + seen.height); y++)
    for (let x = Math.max(0, left); x < Math.min(width, left + seen.width); x++)
      for (let c = 0; c < channels; c++)
        data[(y * width + x) * channels + c] = seen.data[((y - top) * seen.width + x - left) * channels + c]!;
  return { width, height, channels, data };
};

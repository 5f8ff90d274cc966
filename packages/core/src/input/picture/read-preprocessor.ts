import { badConfig, isRecord } from "./config.ts";
import { type InputDims, pictureDims } from "./dims.ts";
import { readHuggingFace } from "./huggingface.ts";
import type { Preprocessor } from "./preprocessor.ts";
import { readTimm } from "./timm.ts";

/**
 * Reads parsed JSON: a Hugging Face preprocessor_config.json, a timm `pretrained_cfg` or a config.json that holds one.
 * `inputDims`, the model's own, decide channels and layout where the file does not; `said`: the layout somebody says of the axes, as NHWC.
 * Throws BadInput.
 */
export const readPreprocessor = (json: unknown, inputDims?: InputDims, said?: string): Preprocessor => {
  if (!isRecord(json)) throw badConfig("content", json, "a JSON object");
  const dims = inputDims && pictureDims(inputDims, said);
  const timm = isRecord(json.pretrained_cfg) ? json.pretrained_cfg : "input_size" in json ? json : undefined;
  return timm ? readTimm(timm, dims) : readHuggingFace(json, dims);
};

/** Whether a config.json itself describes the preprocessing (timm's do). */
export const describesPreprocessing = (json: unknown): boolean => isRecord(json) && isRecord(json.pretrained_cfg);

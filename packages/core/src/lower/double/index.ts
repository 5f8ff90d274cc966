import { encodeModelBytes } from "../../onnx/encode.ts";
import type { ModelProto } from "../../onnx/proto.ts";
import { externalOf, filesOf, type ModelSource } from "../../onnx/source.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { inDouble } from "./in-double.ts";
import { sumsKernels } from "./kernel-sums.ts";

/** The lowered model in float64 where its file is a sum over kernels; undefined where it is none, or the runtime has not all of it in float64. */
export const doubled = async (
  file: ModelProto,
  lowered: ModelProto,
  runtime: Runtime,
  source: ModelSource = {},
): Promise<ModelProto | undefined> => {
  if (!sumsKernels(file)) return undefined;
  const model = inDouble(lowered, externalOf(source));
  try {
    await using _ = await runtime.createSession(encodeModelBytes(model), filesOf(source));
    return model;
  } catch {
    return undefined;
  }
};

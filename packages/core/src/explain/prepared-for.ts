/** A model traced and lowered, with the values beside its outputs that targets are about. */
import type { TracedModel } from "../graph/traced-model.ts";
import { prepare } from "../lower/prepare.ts";
import type { ModelProto } from "../onnx/index.ts";
import { withDetections } from "./aims/selected-box.ts";
import { withAnswers } from "./answers.ts";
import type { LoadOptions } from "./types.ts";

/** Errors: those of `prepare`. */
export const preparedFor = async (file: ModelProto, options: LoadOptions): Promise<TracedModel> =>
  withDetections(await prepare(withAnswers(file), options.runtime, options));

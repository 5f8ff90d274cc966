/** A model traced and lowered, with the values beside its outputs that targets are about. */
import type { TracedModel } from "../graph/traced-model.ts";
import { prepare } from "../lower/prepare.ts";
import type { ModelProto } from "../onnx/index.ts";
import { withDetections } from "./aims/selected-box.ts";
import { withAnswers } from "./answers.ts";
import { rememberHeads } from "./detections/found.ts";
import type { LoadOptions } from "./types.ts";

/** `labels`: how many class names there are. Errors: those of `prepare`; BadRecipe for anchors that do not fit. */
export const preparedFor = async (file: ModelProto, options: LoadOptions, labels?: number): Promise<TracedModel> => {
  const traced = withDetections(await prepare(withAnswers(file), options.runtime, options));
  if (!mayHaveHeads(traced)) return traced;
  const { decoded } = await import("./detections/index.ts");
  const made = await decoded(traced, options, labels);
  if (made === undefined) return traced;
  rememberHeads(made.traced, made.found);
  return made.traced;
};

/** A picture goes in, and what comes out has places. */
const mayHaveHeads = ({ graph, facts: { shapes } }: TracedModel): boolean => {
  const rank = ({ name }: { readonly name: string }) => shapes.get(name)?.length ?? 0;
  return graph.inputs.some((input) => rank(input) === 4) && graph.outputs.some((output) => rank(output) > 2);
};

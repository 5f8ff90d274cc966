/** An explainer of a model in text form. */
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { type Explainer, type LoadOptions, load } from "../../src/explain/index.ts";
import { encodeModelBytes } from "../../src/onnx/encode.ts";
import { parseModel } from "../../src/onnx/parse-text.ts";

export const loadText = async (text: string, options: Partial<LoadOptions> = {}): Promise<Explainer> =>
  load(encodeModelBytes(parseModel(text)), { runtime: await nodeRuntime(), ...options });

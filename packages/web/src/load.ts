import { type Files, modelIn, type OpenModel, type OpenOptions, openWith, urlFiles } from "@backlit/workbench";
import { filesOf } from "./host/blob-files.ts";
import { wasmRuntime, webHost } from "./host/index.ts";

/**
 * Opens a model in a page: `const lit = await load(filesOf(input.files))`, then `lit.explain(picture)`. Takes an address (of an .onnx
 * file, or of a folder with model.onnx in it), a picked file, the file's bytes, or files with one model among them; class names,
 * preprocessing and tokenizer come from the files beside the model. Errors: NotFound, BadFile, BadModel, Unsupported, Runtime.
 */
export const load = async (model: string | URL | Blob | Uint8Array | Files, options: OpenOptions = {}): Promise<OpenModel> => {
  const host = (files: Files) => webHost({ files, runtime: options.runtime ?? wasmRuntime });
  if (model instanceof Blob || model instanceof Uint8Array)
    return openWith(host(filesOf({ "model.onnx": model })), "model.onnx", options);
  if (typeof model === "object" && !(model instanceof URL))
    return openWith(host(model), await modelIn({ files: model }), options);
  const address = new URL(model, document.baseURI);
  const file = address.pathname.split("/").at(-1)!;
  return openWith(host(urlFiles(new URL(".", address))), file === "" ? "model.onnx" : file, options);
};

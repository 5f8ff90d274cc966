import {
  type Bundle,
  type Files,
  type LoadedInput,
  type LoadOptions,
  loadInput as loadFrom,
  memoryFiles,
  modelIn,
  type OpenModel,
  type OpenOptions,
  oneEngine,
  openBundle,
  openModel as openIn,
  openTokenizer as openTokenizerIn,
  openWith,
  type TextTokenizer,
  urlFiles,
} from "@backlit/workbench";
import { nodeHost } from "./host/index.ts";
import { nodeRuntime } from "./host/runtime/node.ts";

/** A model with all that lies beside it, from this machine's disk. Errors: NotFound, BadFile, BadModel, Unsupported (a file over 2 GB). */
export const openModel = (model: string, allowed?: Bundle["allowed"]): Promise<Bundle> => openIn(nodeHost(), model, allowed);

/**
 * Opens a model for explanations: `await using lit = await load("efficientnet-lite0")`, then `lit.explain("cat.jpg")`. Takes a path, a
 * folder, a bundled name, an address, the file's bytes, files (`Files`, with one model among them) or an opened bundle; class names,
 * preprocessing and tokenizer come from the files beside the model, and the runtime is this machine's unless one is given.
 * Errors: those of openModel; BadModel and Runtime when it does not run.
 */
export const load = async (model: string | URL | Uint8Array | Files | Bundle, options: OpenOptions = {}): Promise<OpenModel> => {
  // A runtime in this thread: whoever loads a model chooses threads.
  const host = { ...nodeHost(), runtimes: oneEngine(async (note) => options.runtime ?? (await nodeRuntime(note))) };
  if (typeof model === "string") return openWith(host, model, options);
  if (model instanceof Uint8Array) {
    const files = memoryFiles(new Map([["model.onnx", model]]));
    return openBundle(host, await openIn({ files }, "model.onnx"), options);
  }
  if (model instanceof URL)
    return openWith({ ...host, files: urlFiles(new URL(".", model)) }, model.pathname.split("/").at(-1)!, options);
  if ("place" in model) return openBundle(host, model, options);
  return openWith({ ...host, files: model }, await modelIn({ files: model }), options);
};

export interface LoadInputOptions extends LoadOptions {
  /** Where `-` reads from; the process's standard input unless given. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
}

/**
 * Reads an input by its content, whatever its name: a picture, .npy, .npz or text from a file, or from standard input for `-`.
 * Throws NotFound for a missing file and BadInput, which says what the content looks like.
 */
export const loadInput = (path: string, { stdin, ...options }: LoadInputOptions = {}): Promise<LoadedInput> =>
  loadFrom(nodeHost(stdin && { stdin }), path, options);

/** A text model's tokenizer.json, and what the files beside it say. `tokenizerSeconds`: what a text may take. Errors: BadFile. */
export const openTokenizer = (path: string, allowed?: Bundle["allowed"]): Promise<TextTokenizer> =>
  openTokenizerIn(nodeHost(), path, allowed);

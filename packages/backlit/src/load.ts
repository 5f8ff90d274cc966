import { type Explainer, type LoadOptions, load as loadBytes } from "@backlit/core";
import {
  type Bundle,
  type LoadedInput,
  type LoadOptions as LoadOptionsOfInput,
  loadBundle,
  loadInput as loadFrom,
  openModel as openIn,
  openTokenizer as openTokenizerIn,
  type TextTokenizer,
} from "@backlit/workbench";
import { nodeHost } from "./host/index.ts";
import { nodeRuntime } from "./host/runtime/node.ts";

/** A model with all that lies beside it, from this machine's disk. Errors: NotFound, BadFile, BadModel, Unsupported (a file over 2 GB). */
export const openModel = (model: string, allowed?: Bundle["allowed"]): Promise<Bundle> => openIn(nodeHost(), model, allowed);

/**
 * Prepares a model for explanations: `await using lit = await load("efficientnet-lite0")`. Takes a path, a folder, a bundled
 * name, an opened bundle or the file's bytes; class names and the box of pixel values come from the files beside it, and the
 * runtime is this machine's unless one is given. Errors: those of openModel; BadModel and Runtime when it does not run.
 */
export const load = async (
  model: string | Bundle | Uint8Array,
  { notice, ...options }: Partial<LoadOptions> & { readonly notice?: (text: string) => void } = {},
): Promise<Explainer> => {
  const runtime = options.runtime ?? (await nodeRuntime(notice));
  if (model instanceof Uint8Array) return loadBytes(model, { ...options, runtime });
  return loadBundle(typeof model === "string" ? await openModel(model) : model, { ...options, runtime });
};

export interface LoadInputOptions extends LoadOptionsOfInput {
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

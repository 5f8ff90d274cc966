import { type BacklitError, fail, isBacklitError, type NpzLimits, readNpy, readNpz } from "@backlit/core";
import { type LoadedInput } from "./loaded-input.ts";
import { looksLike } from "./looks-like.ts";
import { readPicture } from "backlit";
import { readInputFile, readStream } from "backlit";

export interface LoadOptions {
  /** Whether text may be given (a text model); otherwise it is refused as no picture. */
  readonly text?: boolean;
  readonly maxPixels?: number;
  readonly npz?: NpzLimits;
  /** Where `-` reads from; the process's standard input unless given. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
}

/** Errors of core's readers do not know the file: adds it. */
const within = <T>(where: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw isBacklitError(error) ? fail((error as BacklitError)._tag, { ...error.parts, where }, error) : error;
  }
};

/**
 * Reads an input by its content, whatever its name: a picture, .npy, .npz or text from a file, or from standard input for `-`.
 * Throws NotFound for a missing file and BadInput, which says what the content looks like.
 */
export const loadInput = async (path: string, options: LoadOptions = {}): Promise<LoadedInput> => {
  const name = path === "-" ? "standard input" : path;
  const bytes = path === "-" ? await readStream(options.stdin ?? process.stdin, name) : await readInputFile(path);
  const { kind } = looksLike(bytes);
  if (kind === "npy") return { kind: "tensor", name, tensor: within(name, () => readNpy(bytes)) };
  if (kind === "npz") return { kind: "tensors", name, tensors: within(name, () => readNpz(bytes, options.npz)) };
  if (kind === "text" && options.text) return { kind: "text", name, text: new TextDecoder().decode(bytes) };
  const { maxPixels } = options;
  return { kind: "picture", name, pixels: await readPicture(bytes, { name, ...(maxPixels && { maxPixels }) }) };
};

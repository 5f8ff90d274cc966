import { type BacklitError, fail, isBacklitError, type NpzLimits, readNpy, readNpz } from "@backlit/core";
import { readInput } from "../host/files.ts";
import type { Host } from "../host/host.ts";
import { readerFor } from "./defined.ts";
import type { LoadedInput } from "./loaded-input.ts";
import { looksLike } from "./looks-like.ts";
import { decodePicture } from "./picture/decode.ts";

export interface LoadOptions {
  /** Whether text may be given (a text model); otherwise it is refused as no picture. */
  readonly text?: boolean;
  readonly maxPixels?: number;
  readonly npz?: NpzLimits;
}

/** Errors of core's readers do not know the file: adds it. */
export const within = <T>(where: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw isBacklitError(error) ? fail((error as BacklitError)._tag, { where, ...error.parts }, error) : error;
  }
};

/** Where inputs lie, and what decodes pictures. */
export type Source = Pick<Host, "files" | "pictures">;

/**
 * Reads an input by its content, whatever its name: a picture, .npy, .npz or text from a file, or from standard input for `-`.
 * Throws NotFound for a missing file and BadInput, which says what the content looks like.
 */
export const loadInput = async ({ files, pictures }: Source, path: string, options: LoadOptions = {}): Promise<LoadedInput> => {
  const name = path === "-" ? "standard input" : path;
  const bytes = await readInput(files, path);
  const reader = readerFor(bytes);
  if (reader) return { kind: "defined", name, bytes, reader };
  const { kind } = looksLike(bytes);
  if (kind === "npy") return { kind: "tensor", name, tensor: within(name, () => readNpy(bytes)) };
  if (kind === "npz") return { kind: "tensors", name, tensors: within(name, () => readNpz(bytes, options.npz)) };
  if (kind === "text" && options.text) return { kind: "text", name, text: new TextDecoder().decode(bytes) };
  if (kind === "sound") return { kind: "sound", name, bytes };
  const { maxPixels } = options;
  return { kind: "picture", name, pixels: await decodePicture(pictures, bytes, { name, ...(maxPixels && { maxPixels }) }) };
};

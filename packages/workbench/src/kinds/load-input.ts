import { readNpy, readNpz } from "@backlit/core";
import { readInput } from "../host/files.ts";
import { definedFor } from "./defined.ts";
import type { LoadOptions, Source } from "./kind.ts";
import type { LoadedInput } from "./loaded-input.ts";
import { looksLike } from "./looks-like.ts";
import { decoded } from "./picture/decode.ts";
import { within } from "./within.ts";

/**
 * Reads an input by its content, whatever its name: a picture, .npy, .npz, a sound or text from a file, or from standard input for `-`.
 * Throws NotFound for a missing file and BadInput, which says what the content looks like.
 */
export const loadInput = async ({ files, pictures }: Source, path: string, options: LoadOptions = {}): Promise<LoadedInput> => {
  const name = path === "-" ? "standard input" : path;
  const bytes = await readInput(files, path);
  const reader = definedFor(bytes);
  if (reader) return { kind: "defined", name, bytes, reader };
  const looks = looksLike(bytes);
  if (looks.kind === "npy") return { kind: "tensor", name, tensor: within(name, () => readNpy(bytes)) };
  if (looks.kind === "npz") return { kind: "tensors", name, tensors: within(name, () => readNpz(bytes, options.npz)) };
  if (looks.kind === "text" && options.text) return { kind: "text", name, text: new TextDecoder().decode(bytes) };
  if (looks.kind === "sound") return { kind: "sound", name, bytes };
  const { maxPixels } = options;
  return { kind: "picture", name, pixels: await decoded(pictures, bytes, looks, { name, ...(maxPixels && { maxPixels }) }) };
};

/** What a file holds, read by its content. */
import type { Pixels, Tensor } from "@backlit/core";
import type { DefinedReader } from "./defined-reader.ts";

export type LoadedInput =
  | { readonly kind: "picture"; readonly name: string; readonly pixels: Pixels }
  | { readonly kind: "tensor"; readonly name: string; readonly tensor: Tensor }
  /** The arrays of an .npz by name. */
  | { readonly kind: "tensors"; readonly name: string; readonly tensors: ReadonlyMap<string, Tensor> }
  | { readonly kind: "text"; readonly name: string; readonly text: string }
  | { readonly kind: "sound"; readonly name: string; readonly bytes: Uint8Array }
  /** Of a kind that was defined from outside. */
  | { readonly kind: "defined"; readonly name: string; readonly bytes: Uint8Array; readonly reader: DefinedReader };

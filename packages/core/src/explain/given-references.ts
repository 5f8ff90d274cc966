/** References as a compilation takes them, and by what they are told apart. */

import { fail } from "../errors.ts";
import { toFloat32 } from "../input/index.ts";
import { canonicalJson, sha256 } from "../plan/index.ts";
import type { FloatTensor } from "../tensor/float.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Rows of what is explained; or of the model's inputs, by name. */
export type References = Tensor | Readonly<Record<string, Tensor>>;

export const isTensor = (references: References): references is Tensor => Array.isArray(references.dims);

/** How many rows there are. */
export const rowsOf = (references: References): number =>
  (isTensor(references) ? references : Object.values(references)[0])?.dims[0] ?? 0;

/** `feeds`: what is given by name, as the lowered model takes it. Errors: BadInput for what is no table of numbers. */
export const asCompiled = (
  references: References,
  feeds: (given: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>,
): FloatTensor | Readonly<Record<string, Tensor>> => {
  if (!isTensor(references)) return feeds(references);
  if (!references.type.startsWith("float") || references.dims[0] === 0)
    throw fail("BadInput", {
      what: `references of ${references.type} ${references.dims.join("×")}`,
      fix: "give floats, one row or more, their number in front",
    });
  return toFloat32(references) as FloatTensor;
};

/** SHA-256 of the numbers and texts, and how many rows there are. */
export const referencesIdentity = async (
  references: References,
): Promise<{ readonly count: number; readonly sha256: string }> => {
  const parts = isTensor(references)
    ? [["", references] as const]
    : Object.entries(references).sort(([a], [b]) => (a < b ? -1 : 1));
  const hashes = await Promise.all(
    parts.map(async ([name, { type, dims, data }]) => [name, type, dims, await sha256(bytesOf(data))]),
  );
  return { count: rowsOf(references), sha256: await sha256(canonicalJson(hashes)) };
};

const bytesOf = (data: Tensor["data"]): Uint8Array | string =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : canonicalJson(data);

/** For the artefact. */
export const referencesMetadata = async (references: References | undefined): Promise<Readonly<Record<string, string>>> =>
  references === undefined ? {} : { "backlit.references": canonicalJson(await referencesIdentity(references)) };

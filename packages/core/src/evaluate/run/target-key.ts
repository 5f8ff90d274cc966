/** What a target says, for the keys of kept work. */
import { fail } from "../../errors.ts";
import { namesAim } from "../../explain/aims/index.ts";
import type { Explainer, ExplainOptions } from "../../explain/index.ts";
import { sha256 } from "../../plan/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";

type Said = { readonly [K in "target" | "targetFiles" | "output" | "explain"]?: ExplainOptions[K] | undefined };

/** Classes by their indices; places by their words, and the files these name. Empty where nobody said. Errors: BadTarget. */
export const targetKey = async (lit: Explainer, { target, targetFiles = {}, output, explain }: Said) => {
  const asked = { ...(target !== undefined && { target }), ...(output !== undefined && { output }), ...(explain && { explain }) };
  if (namesAim(lit, asked))
    return { target: { words: target, files: await Promise.all(Object.entries(targetFiles).map(hashed)) } };
  if (target === undefined) return {};
  return { target: { ...lit.asked(target, output), against: lit.against({ target, output }) ?? null } };
};

/** An array from a file: its name, sizes and bytes. Errors: BadTarget for texts. */
export const hashed = async ([name, { dims, data }]: readonly [string, Tensor]) => {
  if (Array.isArray(data)) throw fail("BadTarget", { what: `file '${name}'`, why: "it holds texts", fix: "give numbers" });
  const { buffer, byteOffset, byteLength } = data as Float32Array;
  return [name, dims, await sha256(new Uint8Array(buffer, byteOffset, byteLength))] as const;
};

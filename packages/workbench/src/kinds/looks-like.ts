import { foreign } from "./foreign.ts";
import { builtIn } from "./index.ts";
import { asText, type Looks } from "./looks.ts";

/** Says what the bytes (all of a file or its first few thousand) look like: one of the kinds, something known that is no input, or text. */
export const looksLike = (bytes: Uint8Array): Looks => {
  if (bytes.length === 0) return { kind: "empty", as: "an empty file" };
  for (const { detect } of builtIn) {
    const looks = detect?.(bytes);
    if (looks !== undefined) return looks;
  }
  const text = asText(bytes);
  return (
    foreign(bytes, text) ?? (text === undefined ? { kind: "other", as: "data of an unknown kind" } : { kind: "text", as: "text" })
  );
};

/** What a file's first bytes say it is: to choose a reader, and to tell the user what was given instead. */
export type Looks =
  | { readonly kind: "npy" | "npz" | "text" | "empty" | "sound"; readonly as: string }
  /** `why` and `fix`: of a format that not every decoder knows. */
  | { readonly kind: "picture"; readonly as: string; readonly why?: string; readonly fix?: string }
  /** Something that is no input; `fix` says how to make one of it. */
  | { readonly kind: "other"; readonly as: string; readonly fix?: string };

/** Latin-1 characters at an offset, `?` fits any. */
export type Mark = readonly [offset: number, mark: string, looks: Looks];

export const fitsMark = (bytes: Uint8Array, offset: number, mark: string): boolean =>
  Array.from(mark).every((character, i) => character === "?" || bytes[offset + i] === character.charCodeAt(0));

/** What the first of the marks that fits says. */
export const byMark = (bytes: Uint8Array, marks: readonly Mark[]): Looks | undefined =>
  marks.find(([offset, mark]) => fitsMark(bytes, offset, mark))?.[2];

/** The beginning as text, undefined when it is not UTF-8 without control characters. */
export const asText = (bytes: Uint8Array): string | undefined => {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, 4096), { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells text from data
    return /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
};

/** Sizes of a detector's anchors, where a request names a file of them or has them as text. */
import { type AnchorsSaid, fail } from "@backlit/core";
import { type Files, textOf } from "../host/files.ts";

/** Numbers with commas between, a file of them (JSON, or numbers one after another), or a name that the compiler knows. Errors: NotFound, BadInput. */
export const anchorsFrom = async (files: Files, said: AnchorsSaid): Promise<AnchorsSaid> => {
  if (typeof said !== "string") return said;
  const numbers = numbersIn(said);
  if (numbers !== undefined || !/[./\\]/.test(said)) return numbers ?? said;
  const text = await textOf(files, said, "cannot read the anchors");
  const read = numbersIn(text) ?? listIn(text);
  if (read !== undefined) return read;
  throw fail("BadInput", {
    what: "these are no anchors",
    where: said,
    fix: "give width, height, … from the finest scale on, or a list of them for each scale as JSON",
  });
};

const numbersIn = (text: string): readonly number[] | undefined => {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  const numbers = words.map(Number);
  return numbers.length > 0 && numbers.every(Number.isFinite) ? numbers : undefined;
};

/** A list, or what a model's configuration calls `anchors`. */
const listIn = (text: string): AnchorsSaid | undefined => {
  try {
    const json: unknown = JSON.parse(text);
    const list = Array.isArray(json) ? json : (json as { readonly anchors?: unknown } | null)?.anchors;
    if (!Array.isArray(list)) return undefined;
    const flat = list.map((scale: unknown) => (Array.isArray(scale) ? scale.flat() : scale));
    return flat.flat().every(Number.isFinite) ? (flat as AnchorsSaid) : undefined;
  } catch {
    return undefined;
  }
};

/** Labels of data as the model's classes. */
import { findLabel, isBacklitError } from "@backlit/core";
import type { Bundle } from "../models/open.ts";

/** The class a label means: by its whole name, as an index, or by a name only one class has; undefined where none is meant. */
export const classesOf = ({
  labels,
  synonyms,
}: Pick<Bundle, "labels" | "synonyms">): ((written: string) => number | undefined) => {
  const known = new Map<string, number | undefined>();
  const find = (written: string): number | undefined => {
    const exact = labels?.indexOf(written) ?? -1;
    if (exact >= 0) return exact;
    if (/^\d+(\.0+)?$/.test(written)) return Number(written);
    return found(labels, written) ?? found(synonyms, written);
  };
  return (written) => {
    if (!known.has(written)) known.set(written, find(written));
    return known.get(written);
  };
};

const found = (labels: readonly string[] | undefined, written: string): number | undefined => {
  if (labels === undefined) return undefined;
  try {
    return findLabel(labels, written);
  } catch (error) {
    if (isBacklitError(error, "BadTarget")) return undefined;
    throw error;
  }
};

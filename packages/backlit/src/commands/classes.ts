/** Classes as a user names them: `--target`, and the class a seed contrasts with. */
import { fail, findLabel, isBacklitError, type Recipe, SEEDS } from "@backlit/core";
import type { Bundle } from "../model/open.ts";
import { choice } from "./known.ts";

/** A class by index, by its label, or by a longer name the model's config gives it; `top`, `top:K`, `i,j` as they are. */
export const readTarget = (text: string, bundle: Bundle): string | number =>
  /^(top|argmax|input|top:.*|-?\d+(,-?\d+)*)$/.test(text) ? text : findClass(text, bundle);

const findClass = (text: string, { labels, synonyms }: Bundle): number => {
  if (labels === undefined)
    throw fail("BadTarget", {
      what: `no class is called '${text}'`,
      why: "the model comes without labels",
      fix: "give the index",
    });
  try {
    return findLabel(labels, text);
  } catch (error) {
    if (synonyms === undefined || !isBacklitError(error, "BadTarget")) throw error;
    try {
      return findLabel(synonyms, text);
    } catch {
      throw error;
    }
  }
};

export const readSeed = (text: string, bundle: Bundle): NonNullable<Recipe["seed"]> => {
  const label = /^contrastive:(.+)$/.exec(text)?.[1];
  if (label !== undefined) return { contrast: /^\d+$/.test(label) ? Number(label) : findClass(label, bundle) };
  if (text === "input" || text === "vector") return "vector";
  return choice(
    "seed",
    SEEDS.filter((seed) => seed !== "vector"),
  )(text);
};

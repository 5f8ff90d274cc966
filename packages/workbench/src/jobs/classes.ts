/** Classes as a user names them: `--target`, and the class a seed contrasts with. */
import { type Choices, fail, findLabel, isAimTarget, isBacklitError, pairOf, type Recipe, SEEDS } from "@backlit/core";
import type { Bundle } from "../models/open.ts";
import { choice } from "../words/known.ts";

/** A class by index, by its label, or by a longer name the model's config gives it; `top`, `top:K`, `i,j` as they are. */
export const readTarget = (text: string, bundle: Bundle): string | number => {
  const { labels = [] } = bundle;
  if (labels.includes(text)) return labels.indexOf(text);
  if (isAimTarget(text, labels)) return text;
  if (/^(top|argmax|input|value|top:.*|value:.*|index:.*|-?\d+(,-?\d+)*)$/.test(text)) return text;
  const best = /^top[-_ ]?(\d+)$/.exec(text)?.[1];
  if (best !== undefined) throw fail("Usage", { what: `--target ${text}`, fix: `did you mean top:${best}?` });
  const pair = pairOf(text);
  if (pair !== undefined) return pair.map((one) => readTarget(one, bundle)).join(" minus ");
  // Without names of classes the explainer says what there is.
  return bundle.labels === undefined ? text : findClass(text.replace(/^label:/, ""), bundle);
};

/** Several `--target`: a list of classes, a map each. Throws Usage. */
export const readTargets = (texts: readonly string[], bundle: Bundle): NonNullable<Choices["target"]> => {
  if (texts.length === 1) return readTarget(texts[0]!, bundle);
  const list = texts.map((text) => readTarget(text, bundle));
  // Two words of a model without names of classes may be tokens: the explainer knows.
  const { labels } = bundle;
  const alone = (one: string) => /^(top|argmax|input)/.test(one) || (labels !== undefined && pairOf(one) !== undefined);
  const stray = list.find((one) => typeof one === "string" && !isAimTarget(one, labels) && alone(one));
  if (stray !== undefined)
    throw fail("Usage", { what: `--target ${stray} among others`, why: "several targets are classes", fix: "give it alone" });
  return { list };
};

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

/** Options that nothing would read are refused, with what there is instead. Recipe files are read leniently, what stands beside them is not. */
import {
  checkBeside,
  compiledCards,
  composites,
  fail,
  isBacklitError,
  methodCards,
  methods,
  paramsRead,
  type Recipe,
} from "@backlit/core";
import { suggest } from "../words/nearest.ts";

/** `--set`, for the method and composite chosen by name or by a recipe file. Throws Usage. */
export const checkSet = (keys: readonly string[], { recipe, method = "lrp", composite, rules }: Recipe): void => {
  const compiled = compiledCards.some(({ name }) => name === method);
  if (!compiled && recipe === undefined) return; // methods of many passes check their own, but not a file's
  const named = typeof composite === "string" ? composite : composite?.name;
  const chosen = named ?? (method === "lrp" && rules === undefined ? "auto" : undefined);
  if (chosen !== undefined && chosen !== "auto" && !Object.hasOwn(composites, chosen)) return; // refused elsewhere
  const known = compiled
    ? paramsRead({ method, composite: rules === undefined ? chosen : undefined })
    : methodCards.flatMap((card) => (card.name === method ? [...Object.keys(card.parameters), "output"] : []));
  const stray = known.length > 0 ? keys.find((key) => !known.includes(key)) : undefined;
  if (stray === undefined) return;
  const who = named === undefined ? `method ${method}` : `composite ${named}`;
  throw fail("Usage", { what: `${who} has no parameter '${stray}'`, fix: suggest(stray, known) });
};

/** `--references` and `--groups` of a method of many passes, before their files are read. Throws Usage. */
export const checkFilesBeside = (...asked: Parameters<typeof checkBeside>): void => {
  try {
    checkBeside(...asked);
  } catch (error) {
    throw isBacklitError(error, "BadRecipe") ? fail("Usage", error.parts, error) : error;
  }
};

/** The card of a method that asks the model more than once; undefined for compiled methods. */
export const passesCard = (method: string | undefined) =>
  method !== undefined && Object.hasOwn(methods, method) ? methods[method]!.card : undefined;

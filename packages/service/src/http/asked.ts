/** What is explained, and how, from a query or from the parameters of a protocol. */
import { checkLook, fail, isBacklitError, type Look, parseRecipe } from "@backlit/core";
import { conditionOf, literal } from "@backlit/workbench";
import type { Asked } from "../work/messages.ts";
import { checkNamed } from "./named.ts";

const TEXTS = ["method", "composite", "output", "seed", "references", "groups", "labels"] as const;
/** How pictures are drawn: texts and numbers. */
const LOOK_TEXTS = ["style", "colormap", "on", "dots"] as const;
const LOOK_NUMBERS = ["alpha", "clip", "smooth"] as const;
const OTHERS = [
  "target",
  "random",
  "recipe",
  "params",
  "per_step",
  "least_score",
  "overlap",
  "grid",
  "condition",
  "only",
  "text_pair",
] as const;
const KEYS: readonly string[] = [...TEXTS, ...OTHERS, ...LOOK_TEXTS, ...LOOK_NUMBERS];
/** They may be given several times. */
const LISTS = ["target", "condition"];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const wrong = (key: string, fix: string) => fail("BadInput", { what: `parameter '${key}'`, fix });

/** Parameters that are not ours are left to others. `sent`: names of files that came beside the input; undefined where none can. Errors: BadInput, Usage. */
export const askedIn = (parameters: unknown = {}, sent?: readonly string[]): Asked => {
  if (!isRecord(parameters)) throw wrong("parameters", "give an object");
  const { target, random, recipe, params } = parameters;
  const texts = TEXTS.flatMap((key) => {
    const value = parameters[key];
    if (value === undefined) return [];
    if (typeof value !== "string") throw wrong(key, "give a text");
    return [[key, value]];
  });
  const asked: Asked = {
    ...Object.fromEntries(texts),
    ...(target !== undefined && { target: targetsIn(target) }),
    ...(random !== undefined && { random: wholeIn("random", random) }),
    ...(recipe !== undefined && { recipe: recipeIn(recipe) }),
    ...(params !== undefined && { params: paramsIn(params) }),
    ...placesIn(parameters),
    ...secondIn(parameters),
    ...conditionIn(parameters),
    ...lookIn(parameters),
  };
  checkNamed(asked, sent);
  return asked;
};

const secondIn = ({ text_pair: text }: Readonly<Record<string, unknown>>): Pick<Asked, "textPair"> => {
  if (text === undefined) return {};
  if (typeof text === "string") return { textPair: [text] };
  throw wrong("text_pair", "give a text");
};

/** What of spans, boxes and pairs counts. */
const placesIn = ({
  per_step: step,
  least_score: score,
  overlap: iou,
  grid,
}: Readonly<Record<string, unknown>>): Partial<Asked> => ({
  ...(step !== undefined && { perStep: flagIn(step) ?? wholeIn("per_step", step) }),
  ...(grid !== undefined && {
    grid: String(grid)
      .split(",")
      .map((cells) => wholeIn("grid", cells.trim())),
  }),
  ...((score !== undefined || iou !== undefined) && {
    detections: {
      ...(score !== undefined && { score: shareIn("least_score", score) }),
      ...(iou !== undefined && { iou: shareIn("overlap", iou) }),
    },
  }),
});

const conditionIn = ({ condition, only }: Readonly<Record<string, unknown>>): Pick<Asked, "conditions" | "only"> => {
  if (condition === undefined && only !== undefined) throw wrong("only", "it goes with condition=VALUE:CHANNELS");
  if (condition === undefined) return {};
  const given = [condition].flat();
  if (!given.every((one) => typeof one === "string")) throw wrong("condition", "write VALUE:3,7");
  return { conditions: conditionOf(given), only: only !== undefined && (flagIn(only) ?? false) };
};

/** undefined for what is neither yes nor no. */
const flagIn = (value: unknown): boolean | undefined =>
  value === true || value === "true" || value === "" ? true : value === false || value === "false" ? false : undefined;

const shareIn = (key: string, value: unknown): number => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && number >= 0 && number <= 1) return number;
  throw wrong(key, "give a number from 0 to 1");
};

/** Numbers may come as text, from a query. */
const lookIn = (parameters: Readonly<Record<string, unknown>>): Pick<Asked, "look"> => {
  const given = [...LOOK_TEXTS, ...LOOK_NUMBERS].filter((key) => parameters[key] !== undefined);
  if (given.length === 0) return {};
  const numeric = (key: string, value: unknown) =>
    (LOOK_NUMBERS as readonly string[]).includes(key) && typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  try {
    return { look: checkLook(Object.fromEntries(given.map((key) => [key, numeric(key, parameters[key])])) as Look) };
  } catch (error) {
    if (isBacklitError(error)) throw fail("BadInput", error.parts);
    throw error;
  }
};

const targetsIn = (target: unknown): readonly string[] => {
  const list = [target].flat();
  const good = list.length > 0 && list.every((one) => typeof one === "string" || Number.isInteger(one));
  if (good) return list.map(String);
  throw wrong("target", "give a class by number or name, top, top:K, or a list of classes");
};

const wholeIn = (key: string, given: unknown): number => {
  const value = typeof given === "string" && /^\d+$/.test(given) ? Number(given) : given;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong(key, "give a whole number from 0");
};

const recipeIn = (recipe: unknown): NonNullable<Asked["recipe"]> => {
  try {
    return parseRecipe(typeof recipe === "string" ? JSON.parse(recipe) : recipe).recipe;
  } catch (error) {
    if (isBacklitError(error)) throw error;
    throw wrong("recipe", "give a recipe as JSON");
  }
};

const paramsIn = (params: unknown): NonNullable<Asked["params"]> => {
  const value = typeof params === "string" ? parsed(params) : params;
  if (isRecord(value)) return value as NonNullable<Asked["params"]>;
  throw wrong("params", "give an object");
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** `set=key=value` is a parameter of the method or composite. Errors: BadInput, also for a name that nobody reads. */
export const askedInQuery = (
  query: Readonly<Record<string, readonly string[]>>,
  others: readonly string[],
  sent: readonly string[],
): Asked => {
  const { set = [], ...rest } = query;
  const strange = Object.keys(rest).find((key) => !KEYS.includes(key) && !others.includes(key));
  if (strange !== undefined) throw wrong(strange, `there are ${[...KEYS, "set", ...others].join(", ")}`);
  const pairs = set.map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw wrong("set", "write set=key=value");
    return [text.slice(0, at), literal(text.slice(at + 1))] as const;
  });
  const single = Object.entries(rest).map(([key, values]) => {
    if (values.length > 1 && !LISTS.includes(key)) throw wrong(key, "give it once");
    return [key, LISTS.includes(key) ? values : values[0]] as const;
  });
  const asked = askedIn(Object.fromEntries(single), sent);
  return pairs.length === 0
    ? asked
    : { ...asked, params: { ...asked.params, ...Object.fromEntries(pairs) } as NonNullable<Asked["params"]> };
};

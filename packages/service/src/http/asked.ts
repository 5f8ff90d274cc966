/** What is explained, and how, from a query or from the parameters of a protocol. */
import { checkLook, fail, isBacklitError, type Look, parseRecipe } from "@backlit/core";
import { literal } from "@backlit/workbench";
import type { Asked } from "../work/messages.ts";

const TEXTS = ["method", "composite", "output", "seed"] as const;
/** How pictures are drawn: texts and numbers. */
const LOOK_TEXTS = ["style", "colormap", "on", "dots"] as const;
const LOOK_NUMBERS = ["alpha", "clip", "smooth"] as const;
const KEYS = [...TEXTS, "target", "random", "recipe", "params", ...LOOK_TEXTS, ...LOOK_NUMBERS];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const wrong = (key: string, fix: string) => fail("BadInput", { what: `parameter '${key}'`, fix });

/** Parameters that are not ours are left to others. Errors: BadInput. */
export const askedIn = (parameters: unknown = {}): Asked => {
  if (!isRecord(parameters)) throw wrong("parameters", "give an object");
  const { target, random, recipe, params } = parameters;
  const texts = TEXTS.flatMap((key) => {
    const value = parameters[key];
    if (value === undefined) return [];
    if (typeof value !== "string") throw wrong(key, "give a text");
    return [[key, value]];
  });
  return {
    ...Object.fromEntries(texts),
    ...(target !== undefined && { target: targetsIn(target) }),
    ...(random !== undefined && { random: numberIn(random) }),
    ...(recipe !== undefined && { recipe: recipeIn(recipe) }),
    ...(params !== undefined && { params: paramsIn(params) }),
    ...lookIn(parameters),
  };
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

/** Targets that name a file: requests carry one input, and no file of the server is opened for them. Errors: BadInput. */
const refuseFiles = (target: string): void => {
  const elsewhere = "in the command, `backlit explain MODEL INPUT --target";
  if (target.startsWith("pair:"))
    throw fail("BadInput", {
      what: "target 'pair:…'",
      why: "it needs a second input, and a request has one",
      fix: `ask ${elsewhere} pair:FILE\``,
    });
  if (target.includes("@mask:"))
    throw fail("BadInput", {
      what: "target '…@mask:…'",
      why: "files are not opened for a request",
      fix: `ask for region:CLASS or CLASS@pixel:I,J; or ${elsewhere} CLASS@mask:FILE\``,
    });
};

const targetsIn = (target: unknown): readonly string[] => {
  const list = [target].flat();
  for (const one of list) refuseFiles(String(one));
  const good = list.length > 0 && list.every((one) => typeof one === "string" || Number.isInteger(one));
  if (good) return list.map(String);
  throw wrong("target", "give a class by number or name, top, top:K, or a list of classes");
};

const numberIn = (random: unknown): number => {
  const value = typeof random === "string" && /^\d+$/.test(random) ? Number(random) : random;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong("random", "give a whole number from 0");
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
export const askedInQuery = (query: Readonly<Record<string, readonly string[]>>, others: readonly string[] = []): Asked => {
  const { set = [], ...rest } = query;
  const strange = Object.keys(rest).find((key) => !KEYS.includes(key) && !others.includes(key));
  if (strange !== undefined) throw wrong(strange, `there are ${[...KEYS, "set", ...others].join(", ")}`);
  const pairs = set.map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw wrong("set", "write set=key=value");
    return [text.slice(0, at), literal(text.slice(at + 1))] as const;
  });
  const single = Object.entries(rest).map(([key, values]) => {
    if (values.length > 1 && key !== "target") throw wrong(key, "give it once");
    return [key, key === "target" ? values : values[0]] as const;
  });
  const asked = askedIn(Object.fromEntries(single));
  return pairs.length === 0
    ? asked
    : { ...asked, params: { ...asked.params, ...Object.fromEntries(pairs) } as NonNullable<Asked["params"]> };
};

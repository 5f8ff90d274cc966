/** What is given beside the input, and whether a method with these parameters looks at it, itself or through the method inside. */

import type { MethodParams } from "../cards/parameters.ts";
import { compiledMethods } from "../compiled/index.ts";
import { fail } from "../errors.ts";
import { namedWithParams } from "./gradient/noise-tunnel.ts";
import { methods } from "./index.ts";
import { amongReferences } from "./reference/baseline.ts";
import { insideUncertainty } from "./reference/uncertainty.ts";

type Params = Readonly<Record<string, unknown>>;
type Reads = (method: string, params: Params) => boolean;

const meant = (baseline: unknown): boolean => /(^|[+,\s])(mean|references)($|[+,\s])/.test(String(baseline ?? ""));

const readsReferences: Reads = (method, params) => {
  if (compiledMethods[method]?.takesReferences) return true;
  if (method === "deep-shap" || method === "expected-gradients") return true;
  if (method === "activation-maximization") return params.start === "mean";
  if (method === "simple-taylor" && params.root !== "baseline") return params.root === "nearest";
  return meant(params.baseline);
};

const readsGroups: Reads = (method, { features, window }) =>
  method === "rise" || window === "groups" || features === "auto" || String(features).startsWith("given");

const BESIDE: Readonly<Record<"references" | "groups", { readonly reads: Reads; readonly or: string }>> = {
  references: { reads: readsReferences, or: "; or the parameter baseline=mean" },
  groups: { reads: readsGroups, or: "; with the parameter features=auto or given, of occlusion window=groups" },
};
type Beside = keyof typeof BESIDE;

/** With defaults filled in; down to the method inside. */
const reading = (what: Beside, method: string, given: Params): boolean => {
  const card = (methods[method] ?? compiledMethods[method])?.card;
  if (card === undefined) return false;
  const defaults = Object.fromEntries(Object.entries(card.parameters).map(([name, parameter]) => [name, parameter.default]));
  const params: Params = { ...defaults, ...(what === "references" ? amongReferences(card, given, true) : given) };
  if (BESIDE[what].reads(method, params)) return true;
  if (typeof params.of !== "string") return false;
  const [inner, own] = method === "uncertainty" ? insideUncertainty(params as MethodParams) : namedWithParams(params.of);
  return reading(what, inner, own);
};

/** Whether a method looks at references. */
export const takesReferences = (method: string, params: Params = {}): boolean => reading("references", method, params);

/** Whether a method takes groups of values away together. */
export const takesGroups = (method: string, params: Params = {}): boolean => reading("groups", method, params);

/** Errors: BadRecipe for what the method would not look at, with those that do. */
export const checkBeside = (
  method: string,
  params: Params = {},
  given: { readonly references?: unknown; readonly groups?: unknown },
): void => {
  for (const what of ["references", "groups"] as const) {
    if (given[what] === undefined || reading(what, method, params)) continue;
    const readers = Object.keys({ ...compiledMethods, ...methods }).filter((name) => reading(what, name, {}));
    throw fail("BadRecipe", {
      what: `method '${method}' does not read ${what}`,
      fix: `these do: ${readers.join(", ")}${BESIDE[what].or}`,
    });
  }
};

/** What sets two runs apart besides their numbers. */
import { canonicalJson } from "../../plan/index.ts";
import type { EvaluatedMethod, EvaluationResult } from "../result.ts";

export interface RunDifference {
  readonly what: "version" | "model" | "data" | "seed" | "recipe";
  /** Of recipes: the method, named as in both runs or as "one / other". */
  readonly method?: string;
  /** Of recipes: the field, as in `rules.1.rule.gamma`. */
  readonly field?: string;
  /** The two values; undefined where a recipe has no such field. */
  readonly a?: unknown;
  readonly b?: unknown;
}

/** `methods`: the pairs that are compared. */
export const runDifferences = (
  a: EvaluationResult,
  b: EvaluationResult,
  methods: readonly (readonly [EvaluatedMethod, EvaluatedMethod])[],
): readonly RunDifference[] => [
  ...(["version", "model", "data", "seed"] as const)
    .filter((what) => identity(a[what]) !== identity(b[what]))
    .map((what) => ({ what, a: a[what], b: b[what] })),
  ...methods.flatMap(([one, other]) =>
    // Random maps have no recipe but their draw and the seed.
    one.random && other.random
      ? []
      : fieldsApart(one.recipe, other.recipe).map((apart) => ({
          what: "recipe" as const,
          method: one.name === other.name ? one.name : `${one.name} / ${other.name}`,
          ...apart,
        })),
  ),
];

/** Models and data are what their hashes say, whatever the file is called. */
const identity = (of: EvaluationResult["model" | "data" | "version" | "seed"]): string => {
  if (typeof of !== "object") return String(of);
  return canonicalJson("count" in of ? [of.sha256, of.count] : (of.identity ?? of.sha256));
};

interface Apart {
  readonly field: string;
  readonly a?: unknown;
  readonly b?: unknown;
}

const fieldsApart = (a: unknown, b: unknown, path: readonly string[] = []): readonly Apart[] => {
  if (isTree(a) && isTree(b) && Array.isArray(a) === Array.isArray(b))
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => fieldsApart(a[key], b[key], [...path, key]));
  if (canonicalJson(a) === canonicalJson(b)) return [];
  return [{ field: path.join("."), ...(a !== undefined && { a }), ...(b !== undefined && { b }) }];
};

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

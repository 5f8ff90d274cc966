/** Prototypes of every class of an analysis of concepts. */
import type { Covariance } from "../../clusters/mixture.ts";
import { fail } from "../../errors.ts";
import { grouped } from "../../numeric/grouped.ts";
import type { ConceptResult } from "../result.ts";
import { type ClassPrototypes, prototypesOf } from "./prototypes.ts";

export interface PrototypesAsked {
  /** Of a class, at most one for 30 samples; default 4. */
  readonly components?: number;
  /** Default "diag". */
  readonly covariance?: Covariance;
}

/** By value and class; a class is its indices, as in "3" or "0,3". Plain data. */
export type PrototypesByClass = Readonly<Record<string, Readonly<Record<string, ClassPrototypes>>>>;

const COMPONENTS = 4;
/** With fewer samples for each, decisions that were not among them seem too unusual (docs/decisions). */
const SAMPLES_EACH = 30;
/** Samples of a component for each of its dimensions, where covariances are full. */
const SAMPLES_A_DIMENSION = 10;
/** Fewer rows have no spread. */
const FEWEST = 2;

/** `result`: one with vectors. Classes of one sample have none. Errors: BadInput without vectors; BadRecipe for a number that makes no sense. */
export const prototypesByClass = (
  { values, samples }: ConceptResult,
  { components = COMPONENTS, covariance = "diag" }: PrototypesAsked = {},
): PrototypesByClass => {
  if (!Number.isInteger(components) || components < 1)
    throw fail("BadRecipe", { what: `${components} prototypes of a class`, fix: "give a whole number from 1" });
  const classes = grouped(samples.map(({ target, aim = target.join(",") }, n) => [aim, n] as const));
  const names = [...classes.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return Object.fromEntries(
    Object.entries(values).map(([value, { vectors }]) => {
      if (vectors === undefined)
        throw fail("BadInput", {
          what: "prototypes without vectors",
          where: `value '${value}'`,
          fix: "ask concepts for vectors",
        });
      const made = names.flatMap((name) => {
        const own = classes.get(name)!;
        if (own.length < FEWEST) return [];
        const most = Math.max(1, Math.floor(own.length / SAMPLES_EACH));
        const fitted = { rows: own.map((n) => vectors[n]!), samples: own };
        const count = Math.min(components, most);
        const axes = Math.max(1, Math.floor(own.length / (SAMPLES_A_DIMENSION * count)));
        return [[name, prototypesOf(fitted, { components: count, covariance, axes })] as const];
      });
      return [value, Object.fromEntries(made)];
    }),
  );
};

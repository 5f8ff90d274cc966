/** The job `compare`: two runs of evaluate side by side, or two recipes on the same data. */
import { compareRuns, fail, isBacklitError, type RunComparison } from "@backlit/core";
import { known } from "../../words/known.ts";
import { evaluateJob, type JudgedRequest } from "../evaluate/run.ts";
import type { JobContext } from "../request.ts";
import { readResult } from "./result-file.ts";

/** Two results that `evaluate` wrote. */
export interface RunsRequest {
  readonly v: 1;
  readonly runs: readonly [a: string, b: string];
  /** Which method of A against which of B; default: those of equal names. */
  readonly pairs?: readonly (readonly [string, string])[];
  readonly random?: number;
}

/** Two recipe files, methods or composites, to be evaluated against each other. */
export interface RecipesRequest extends JudgedRequest {
  readonly recipes: readonly string[];
}

export type CompareRequest = RunsRequest | RecipesRequest;

/** Errors: NotFound, BadInput, Usage; those of `evaluate`. */
export const compareJob = (request: CompareRequest, context: JobContext): Promise<RunComparison> =>
  "runs" in request ? ofRuns(request, context) : ofRecipes(request, context);

const ofRuns = async ({ runs: [a, b], pairs, random }: RunsRequest, { host }: JobContext): Promise<RunComparison> => {
  const [one, other] = await Promise.all([readResult(host.files, a), readResult(host.files, b)]);
  for (const [mine, theirs] of pairs ?? []) {
    known("method of A", mine, [...new Set(one.methods.map(({ name }) => name))]);
    known("method of B", theirs, [...new Set(other.methods.map(({ name }) => name))]);
  }
  return compareRuns(one, other, { ...seedOf(random), ...(pairs && { methods: pairs }) });
};

const ofRecipes = async ({ recipes, ...request }: RecipesRequest, context: JobContext): Promise<RunComparison> => {
  if (new Set(recipes.map((name) => name.trim())).size !== 2)
    throw fail("Usage", { what: `--recipes ${recipes.join(",")}`, fix: "give two, with a comma between" });
  const { result } = await evaluateJob({ ...request, methods: recipes }, context);
  const names = result.methods.filter(({ random }) => !random).map(({ name }) => name);
  try {
    return compareRuns(result, result, { ...seedOf(request.random), methods: [[names[0]!, names[1] ?? "random"]] });
  } catch (error) {
    throw isBacklitError(error, "BadInput") ? fail("BadInput", { ...error.parts, where: request.data }, error) : error;
  }
};

const seedOf = (seed: number | undefined): { readonly seed?: number } => (seed === undefined ? {} : { seed });

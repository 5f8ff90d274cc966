/** Whether a method of its own kind of model gets through a model. Found once for each value that may be explained. */
import { planModel } from "../compile/index.ts";
import type { Plan, Recipe } from "../plan/index.ts";
import { isTrees } from "../trees/index.ts";
import type { LoadedModel } from "./loaded.ts";
import type { ExplainOptions } from "./types.ts";

type Asked = Pick<Partial<ExplainOptions>, "explain" | "output">;

/** Whether what is explained is a sum over trees. */
export const isOfTrees = (lit: LoadedModel, choices: Asked): boolean =>
  lit.traced.graph.nodes.some(isTrees) && isPlanned(lit, choices, "tree-shap");

/** Scores of distances are short; nets are not looked through for them. */
const MOST_NODES = 200;

/** Whether what is explained is a contest of centres, or a sum over kernels of one sign: clusters, outliers, densities. */
export const isNeuralised = (lit: LoadedModel, choices: Asked): boolean => {
  if (lit.traced.graph.nodes.length > MOST_NODES) return false;
  const plan = planned(lit, choices, "neuralised");
  if (plan?.neuralised === undefined) return false;
  const { weights } = plan.neuralised.machine;
  if (weights === undefined) return plan.reading.kind === "distances" || plan.reading.kind === "outlier-score";
  return weights.length === 1 && (weights[0]!.every((w) => w >= 0) || weights[0]!.every((w) => w <= 0));
};

/** Whether a method gets through the model. */
export const isPlanned = (lit: LoadedModel, choices: Asked, method: Method): boolean =>
  planned(lit, choices, method) !== undefined;

type Method = "tree-shap" | "deeplift" | "neuralised";
const plans = new WeakMap<LoadedModel, Map<string, Plan | undefined>>();

const planned = (lit: LoadedModel, { explain, output }: Asked, method: Method): Plan | undefined => {
  const own = plans.get(lit) ?? new Map<string, Plan | undefined>();
  plans.set(lit, own);
  const key = JSON.stringify([method, explain, output]);
  if (!own.has(key)) own.set(key, planOf(lit, { method, ...(explain && { explain }), ...(output && { output }) }));
  return own.get(key);
};

const planOf = (lit: LoadedModel, recipe: Recipe): Plan | undefined => {
  try {
    return planModel(lit.traced, recipe, lit.options).plan;
  } catch {
    return undefined; // what stands in the way is said by the method that is taken instead
  }
};

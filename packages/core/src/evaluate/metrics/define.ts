/** Metrics from outside. */
import { checkDeclared, define, malformed, nameIn } from "../../cards/define.ts";
import type { Metric } from "../metric.ts";
import { metrics } from "./index.ts";

const FORMS = {
  "card.family": "a text",
  "card.what": "a text",
  "card.definition": "a text",
  "card.source": "a text",
  "card.cost": "a text",
  "card.criticism": "a text",
  "card.scores": "an object",
  "card.parameters": "an object",
  measure: "a function",
} as const;

/**
 * Adds a metric, which evaluations can then name. Kept results are found by its name and parameters: what computes something else is given
 * another name. Errors: BadDefinition.
 */
export const defineMetric = (metric: Metric): Metric => {
  const name = nameIn("metric", metric?.card);
  const { scores = {}, parameters = {} } = metric.card;
  for (const [score, says] of Object.entries(scores))
    if (typeof says?.what !== "string" || typeof says.range !== "string")
      throw malformed("metric", name, `scores.${score} must say what it is and its range`);
  if (Object.keys(scores).length === 0) throw malformed("metric", name, "card.scores names no score");
  checkDeclared("metric", { name, parameters });
  return define(metrics, { kind: "metric", name, value: metric, forms: FORMS });
};

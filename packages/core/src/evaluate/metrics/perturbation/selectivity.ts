/** Selectivity (Montavon et al. 2018): how fast the score falls when the most relevant features go, the map made anew after each. */
import { fail } from "../../../errors.ts";
import { IMPUTER } from "../../imputers/index.ts";
import type { Metric } from "../../metric.ts";
import { askedOf } from "../../removal/ask.ts";
import { curveOf, curvesOf } from "../../removal/curve.ts";
import { AGGREGATE, REPEATS, UNIT } from "../../removal/parameters.ts";
import { STEPS } from "../../removal/schedule.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import { areasOf } from "./family.ts";
import { greedyOrders } from "./greedy-orders.ts";

export const selectivity: Metric = {
  card: {
    name: "selectivity",
    family: "perturbation",
    what: "area under the score while the most relevant units go, if wanted with the map made anew after each removal",
    definition:
      "AUC of f(xᵏ), xᵏ⁺¹ = xᵏ without its most relevant unit; recompute each-step: relevance of xᵏ, fixed: of x. Each step removes what lies between two counts of steps",
    source:
      "Montavon, Samek and Müller 2018, Methods for interpreting and understanding deep neural networks (explanation selectivity)",
    scores: {
      auc: { what: "area under the curve", direction: "lower", range: "0 to 1 (probability)" },
    },
    cost: "steps × repeats F; each-step: a map for every step besides",
    criticism:
      "Made anew at each step, maps are judged on inputs outside the data, where the explanation follows what the imputer has put there; the method is judged as a search, not one map. Fixed, it is deletion by regions.",
    parameters: {
      unit: UNIT,
      imputer: IMPUTER,
      score: SCORE,
      steps: { ...STEPS, default: "every" },
      aggregate: { ...AGGREGATE, default: "sum" },
      repeats: REPEATS,
      recompute: {
        what: "fixed: the order of the one map; each-step: the map is made anew for what is left, with the imputer's first draw",
        default: "fixed",
        choices: ["fixed", "each-step"],
      },
    },
  },
  measure: async (trial) => {
    const { params, explaining } = trial;
    const anew = params.recompute === "each-step";
    if (anew && explaining === undefined)
      throw fail("BadRecipe", {
        what: "metric 'selectivity' with recompute each-step",
        why: "it needs more maps, and these come without their method",
        fix: "take recompute fixed, or a method on a model of one input",
      });
    const asked = askedOf(trial);
    const ask = asked.along("morf");
    const orders = anew ? await greedyOrders(trial, explaining!, ask) : ask.orders;
    const [curves] = await curvesOf(trial, [{ ...ask, orders }]);
    const score = curveOf(curves!, params.score as EvaluationScore);
    const places = orders.map((order) => Float64Array.from(order, (_, k) => (k + 1) / order.length));
    return {
      scores: { auc: areasOf(trial, score) },
      // Which unit went when, for those who check the search.
      curves: { score, ...(anew && { order: { at: places, values: orders.map((order) => Float64Array.from(order)) } }) },
      ...(!anew && { ties: asked.ties }),
    };
  },
};

/** Normalised AOPC (Edin et al. 2024): where the heatmap's AOPC lies between the worst and the best any order reaches on this sample. */

import type { MethodParams } from "../../../cards/parameters.ts";
import { aopc } from "../../../numeric/area.ts";
import { minOf } from "../../../numeric/extremes.ts";
import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type Metric, type Trial } from "../../metric.ts";
import { askedOf } from "../../removal/ask.ts";
import { curveOf, curvesOf } from "../../removal/curve.ts";
import type { Order } from "../../removal/order.ts";
import { AGGREGATE, ORDER, REPEATS, UNIT } from "../../removal/parameters.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import { boundsByBeam } from "./bounds-by-beam.ts";
import { type Bounds, exactBounds } from "./exact-bounds.ts";

const MOST_EXACT = 12;

export const naopc: Metric = {
  card: {
    name: "naopc",
    family: "perturbation",
    what: "AOPC between the least and the largest that any order of removal reaches on the sample",
    definition:
      "NAOPC = (AOPC − min)/(max − min), AOPC over k = 0..n, min and max over all n! orders: exact by dynamic programming over subsets, or by beam search",
    source: "Edin et al. 2024, Normalized AOPC: fixing misleading faithfulness metrics for feature attributions explainability",
    scores: {
      naopc: {
        what: "normalised AOPC; undefined where all orders are equal",
        direction: "higher",
        byOrder: true,
        range: "0 to 1 (with beam search a little beyond)",
      },
      aopc: { what: "AOPC of the heatmap's order", direction: "higher", byOrder: true, range: "−1 to 1 (probability)" },
      aopc_max: { what: "largest AOPC of any order", range: "−1 to 1 (probability)" },
      aopc_min: { what: "least AOPC of any order", range: "−1 to 1 (probability)" },
    },
    cost: `n + (2ⁿ up to ${MOST_EXACT} units, beyond up to beam × n²) × repeats F; the bounds are shared by all methods`,
    criticism:
      "The best order for the curve may exploit inputs outside the data. Beam search finds inner bounds only, so that a good map may pass 1; few large units hide what a fine map knows.",
    parameters: {
      unit: {
        ...UNIT,
        what: `${UNIT.what.split("; auto")[0]}; auto: 3 × 3 cells of a picture, 9 stretches of a series, token, feature`,
      },
      imputer: IMPUTER,
      score: SCORE,
      order: ORDER,
      aggregate: { ...AGGREGATE, default: "sum" },
      repeats: REPEATS,
      beam: {
        what: `orders kept at each step of the search for the bounds of samples with more than ${MOST_EXACT} units`,
        default: 5,
        min: 1,
        max: 1000,
        integer: true,
      },
    },
  },
  measure: async (trial) => {
    const params: MethodParams = { ...trial.params, unit: coarse(trial), steps: "every" };
    const own = { ...trial, params };
    const asked = askedOf(own);
    const [curves] = await curvesOf(own, [asked.along(params.order as Order)]);
    const values = curveOf(curves!, params.score as EvaluationScore);
    const exact = asked.units.every(({ count }) => count <= MOST_EXACT);
    const { unit, imputer, score, repeats, beam } = params;
    const bounds: readonly Bounds[] = exact
      ? await exactBounds(own, asked.units)
      : await trial.shared.once({ naopc: { unit, imputer, score, repeats, beam } }, () =>
          boundsByBeam(own, asked.units, Number(beam)),
        );
    const area = eachSample(trial, (n) => aopc(values.values[n]!));
    return {
      scores: {
        naopc: eachSample(trial, (n) => {
          const { least, largest } = bounds[n]!;
          return largest > least ? (area[n]! - least) / (largest - least) : Number.NaN;
        }),
        aopc: area,
        aopc_max: eachSample(trial, (n) => bounds[n]!.largest),
        aopc_min: eachSample(trial, (n) => bounds[n]!.least),
      },
      curves: { score: values },
      ties: asked.ties,
    };
  },
};

/** Few enough units for exact bounds. */
const coarse = ({ x, kind, params }: Trial): string => {
  const [, , ...sizes] = x.dims;
  if (params.unit !== "auto" || kind !== "space") return String(params.unit);
  return `grid:${Math.ceil(minOf(sizes) / (sizes.length === 1 ? 9 : 3))}`;
};

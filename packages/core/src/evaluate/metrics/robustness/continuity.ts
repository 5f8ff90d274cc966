/**
 * Explanation continuity (Montavon, Samek and Müller 2018, section 7.1), along translations of the input as there in figure 8: the map should
 * move with the input, and no further than the input moves.
 */

import { definedMean, pearson } from "../../../numeric/correlation.ts";
import { maxOf } from "../../../numeric/extremes.ts";
import { type FloatTensor, sampleOf } from "../../../tensor/float.ts";
import { eachSample, type MeasuredCurve, type Metric, type Trial } from "../../metric.ts";
import { dropsOf } from "../../removal/drops.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import { positionMap } from "../../removal/units.ts";
import { mapsOf, minus, norm } from "./neighbours.ts";
import { type Shift, shiftsOf } from "./shifts.ts";

export const continuity: Metric = {
  card: {
    name: "continuity",
    family: "robustness",
    what: "correlation of the map of the shifted input, shifted back, with the map",
    definition:
      "mean over shifts t of Pearson(Φ(x), t⁻¹Φ(t x)) where both have positions; t: 1 … k positions along each axis, both ways, border values repeated; variation: max of ‖Φ(x) − Φ(t x)‖₁ / ‖x − t x‖₂",
    source: "Montavon, Samek and Müller 2018, Methods for interpreting and understanding deep neural networks, section 7.1",
    scores: {
      correlation: { what: "mean correlation; undefined for constant maps", direction: "higher", range: "−1 to 1" },
      variation: {
        what: "strongest variation of the map (Montavon et al.); in units of relevance, so methods do not compare",
        range: "0 to ∞",
      },
      score_change: { what: "mean |f(x) − f(t x)|: how far the model itself moves", range: "0 to 1 (probability)" },
    },
    cost: "2 × axes × shifts explanations; as many F, shared by all methods",
    criticism:
      "A model with strides is not the same one pixel further: its true evidence may jump, and a smooth map hides that. Cells of an upsampled map follow a shift in steps.",
    needs: ["explain"],
    parameters: {
      shifts: { what: "largest shift in positions", default: 4, min: 1, max: 1000, integer: true },
      score: SCORE,
    },
  },
  measure: async (trial) => {
    const { params } = trial;
    const shifts = shiftsOf(trial);
    const drops = await dropsOf(trial, { shifts: params.shifts }, () => ({
      count: () => shifts.length,
      write: (n, k, into) => shifts[k]!.apply(sampleOf(trial.x, n), into),
    }));
    const changes = drops[params.score as EvaluationScore].map((of) => of.map(Math.abs));
    const compared: Awaited<ReturnType<typeof compare>>[] = [];
    for (let n = 0; n < trial.x.dims[0]!; n++) compared.push(await compare(trial, shifts, n));
    const correlations = compared.map(({ correlation }) => correlation);
    return {
      scores: {
        correlation: eachSample(trial, (n) => definedMean(correlations[n]!)),
        variation: eachSample(trial, (n) => maxOf(compared[n]!.variation)),
        score_change: eachSample(trial, (n) => definedMean(changes[n]!)),
      },
      curves: { correlation: byDistance(shifts, correlations), score_change: byDistance(shifts, changes) },
    };
  },
};

/** Of sample n, one number a shift. */
const compare = async (trial: Trial, shifts: readonly Shift[], n: number) => {
  const { x, kind } = trial;
  const sample = sampleOf(x, n);
  const dims = [shifts.length, ...x.dims.slice(1)];
  const inputs: FloatTensor = { type: "float32", dims, data: new Float32Array(shifts.length * sample.length) };
  for (const [k, { apply }] of shifts.entries()) apply(sample, sampleOf(inputs, k));
  const maps = await mapsOf(trial, inputs, n);
  const own = sampleOf(trial.relevance, n);
  const map = positionMap(trial, n);
  const positions = (k: number) => {
    const relevance = { type: "float32", dims: [1, ...trial.relevance.dims.slice(1)], data: Float32Array.from(maps(k)) } as const;
    return positionMap({ x, relevance, kind }, 0);
  };
  return {
    correlation: Float64Array.from(shifts, ({ pairs }, k) => {
      const shifted = positions(k);
      const { here, there } = pairs();
      return pearson(
        here.map((p) => map[p]!),
        there.map((p) => shifted[p]!),
      );
    }),
    variation: Float64Array.from(shifts, (_, k) => {
      const moved = norm(minus(sampleOf(inputs, k), sample));
      return minus(maps(k), own).reduce((sum, v) => sum + Math.abs(v), 0) / moved;
    }),
  };
};

/** Means over the directions. */
const byDistance = (shifts: readonly Shift[], values: readonly Float64Array[]): MeasuredCurve => {
  const distances = [...new Set(shifts.map(({ distance }) => distance))];
  return {
    at: values.map(() => Float64Array.from(distances)),
    values: values.map((of) =>
      Float64Array.from(distances, (distance) => definedMean(of.filter((_, k) => shifts[k]!.distance === distance))),
    ),
  };
};

/** Layer after layer forgets its weights; how alike are the maps to those of the trained model? */

import type { MethodParameter } from "../../../cards/parameters.ts";
import { fail } from "../../../errors.ts";
import { layoutOf } from "../../../features/layout.ts";
import type { FloatTensor } from "../../../tensor/float.ts";
import type { MetricCard, MetricScore } from "../../card.ts";
import { similarity } from "../../compare/similarity.ts";
import { type Explaining, eachSample, type Measured, type Trial } from "../../metric.ts";
import { positionMap } from "../../removal/units.ts";
import { forget, WEIGHTS } from "./weights.ts";

const COMPARED = { spearman: "Spearman's ρ", spearman_abs: "Spearman's ρ of |R|", ssim: "SSIM (Gaussian window)" } as const;
type Compared = keyof typeof COMPARED;
const compared = Object.keys(COMPARED) as Compared[];

export const NORMALISE: MethodParameter = {
  what: "for SSIM, which knows scales: maps over the root of their mean square (Binder et al. 2023), or as they are",
  default: "rms",
  choices: ["rms", "none"],
};

export const CASCADE = {
  from: {
    what: "top-down: layers forget from the output on, one more each step; bottom-up: from the input on; independent: one layer each step",
    default: "top-down",
    choices: ["top-down", "bottom-up", "independent"],
  },
  weights: WEIGHTS,
  steps: {
    what: "at how many depths, evenly spread over the layers, maps are compared",
    default: 10,
    min: 1,
    max: 10_000,
    integer: true,
  },
  draws: { what: "random models a step; similarities are averaged", default: 1, min: 1, max: 1000, integer: true },
  normalise: NORMALISE,
} as const satisfies Readonly<Record<string, MethodParameter>>;

export const CASCADE_SCORES: Readonly<Record<string, MetricScore>> = Object.fromEntries(
  compared.flatMap((name) => [
    [name, { what: `${COMPARED[name]}, mean over the steps`, direction: "lower", range: "−1 to 1" }],
    [`${name}_last`, { what: `${COMPARED[name]} at the last step`, direction: "lower", range: "−1 to 1" }],
  ]),
);

/** The method under test. Errors: BadRecipe where it is not at hand, or the model has no weights that could be drawn anew. */
export const explainingIn = ({ explaining }: Trial, { name }: Pick<MetricCard, "name">, weights = true): Explaining => {
  if (explaining === undefined)
    throw fail("BadRecipe", {
      what: `metric '${name}'`,
      why: "it needs more maps, and these come without their method",
      fix: "take a method on a model of one input, not ready-made or random maps",
    });
  if (weights && explaining.layers.length === 0)
    throw fail("BadRecipe", {
      what: `metric '${name}'`,
      why: "the model has no layer with constant weights",
      fix: "take random-logit",
    });
  return explaining;
};

/** Compares `first`, the maps of the trained model, with the maps `mapsOf` makes of each changed one. */
export const cascade = async (
  trial: Trial,
  explaining: Explaining,
  first: FloatTensor,
  mapsOf: (explaining: Explaining) => Promise<FloatTensor>,
): Promise<Measured> => {
  const { params, random } = trial;
  const { layers } = explaining;
  const steps = stepsOf(layers.length, Number(params.steps), String(params.from));
  const compare = comparer(trial, first);
  const found = steps.map((): Record<Compared, Float64Array>[] => []);
  for (let draw = 0; draw < Number(params.draws); draw++)
    for (const [s, { chosen }] of steps.entries()) {
      const changed = await explaining.on(forget({ layers, chosen, how: String(params.weights), random, draw }));
      try {
        found[s]!.push(compare(await mapsOf(changed)));
      } finally {
        await changed.release?.();
      }
    }
  const at = Float64Array.of(0, ...steps.map((step) => step.at));
  const curveOf = (name: Compared) => {
    const own = compare(first)[name];
    const means = found.map((draws) => own.map((_, n) => draws.reduce((sum, of) => sum + of[name][n]!, 0) / draws.length));
    return Array.from(own, (value, n) => Float64Array.of(value, ...means.map((of) => of[n]!)));
  };
  const curves = Object.fromEntries(compared.map((name) => [name, curveOf(name)] as const));
  return {
    scores: Object.fromEntries(
      Object.entries(curves).flatMap(([name, values]) => [
        [name, eachSample(trial, (n) => values[n]!.subarray(1).reduce((a, b) => a + b, 0) / steps.length)],
        [`${name}_last`, eachSample(trial, (n) => values[n]!.at(-1)!)],
      ]),
    ),
    curves: Object.fromEntries(Object.entries(curves).map(([name, values]) => [name, { at: values.map(() => at), values }])),
  };
};

/** Which layers have forgotten at each step; `at`: how far it has come, as a share of the layers. */
const stepsOf = (
  layers: number,
  most: number,
  from: string,
): readonly { readonly at: number; readonly chosen: readonly number[] }[] => {
  const count = Math.min(most, layers);
  return Array.from({ length: count }, (_, step) => {
    const done = Math.round(((step + 1) * layers) / count);
    const order = Array.from({ length: layers }, (_, layer) => (from === "bottom-up" ? layer : layers - 1 - layer));
    return { at: done / layers, chosen: from === "independent" ? [order[done - 1]!] : order.slice(0, done) };
  });
};

/** Similarity of maps, row by row, with the first ones. */
export const comparer = (trial: Trial, first: FloatTensor) => {
  const { x, kind, params } = trial;
  const { sizes } = layoutOf(x.dims, kind);
  const scaled = (map: Float64Array): Float64Array => {
    const scale = params.normalise === "none" ? 1 : Math.sqrt(map.reduce((sum, value) => sum + value * value, 0) / map.length);
    return scale > 0 ? map.map((value) => value / scale) : map;
  };
  const mapOf = (relevance: FloatTensor, n: number) => scaled(positionMap({ ...trial, relevance }, n));
  return (maps: FloatTensor): Record<Compared, Float64Array> => {
    const rows = Array.from({ length: x.dims[0]! }, (_, n) => similarity(mapOf(first, n), mapOf(maps, n), sizes));
    const column = (name: string) => Float64Array.from(rows, (row) => row[name]!);
    return { spearman: column("spearman"), spearman_abs: column("spearman_abs"), ssim: column("ssim_gaussian") };
  };
};

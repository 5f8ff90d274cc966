/**
 * Slopes (gradients, SmoothGrad, guided backpropagation) say how strongly the score answers to a value, not whether the value speaks for the
 * class: metrics that rank parts of the input by relevance take their size, as the literature does (Simonyan et al. 2014, Smilkov et al. 2017).
 */
import { methodCards } from "../../methods/cards.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { MetricFamily } from "../card.ts";
import { memo } from "../memo.ts";
import type { Explaining, Metric } from "../metric.ts";
import type { Judged } from "./judge.ts";
import type { MethodChoice } from "./task.ts";

const RANKING: readonly MetricFamily[] = ["perturbation", "localisation"];

/** The metric takes the size of this method's values. A choice may say so itself. */
export const bySize = ({ options, magnitude }: Pick<MethodChoice, "options" | "magnitude">, { card }: Metric): boolean =>
  RANKING.includes(card.family) && (magnitude ?? isSlope(options?.method, options?.params));

/** A method around another one (SmoothGrad) is judged as the one inside. */
const isSlope = (method: string | undefined, params: Readonly<Record<string, unknown>> = {}): boolean => {
  const card = methodCards.find(({ name }) => name === method);
  if (card?.slope !== true) return false;
  const inside = params.of ?? card.parameters.of?.default;
  return inside === undefined || isSlope(String(inside));
};

/** The same maps without their signs. */
export const sized = <J extends Judged>(judged: J): J => ({
  ...judged,
  relevance: sizes(judged.relevance),
  memo: memo(),
  ...(judged.explaining && { explaining: sizedExplaining(judged.explaining) }),
});

const sizes = (map: FloatTensor): FloatTensor => ({ ...map, data: map.data.map(Math.abs) });

const sizedExplaining = (explaining: Explaining): Explaining => ({
  ...explaining,
  maps: async (...asked) => sizes(await explaining.maps(...asked)),
  on: async (change) => sizedExplaining(await explaining.on(change)),
});

/** From a metric's parameters to what the perturbation engine is asked. */
import type { Tensor } from "../../tensor/tensor.ts";
import type { Trial } from "../metric.ts";
import type { CurveAsk } from "./curve.ts";
import { type Order, orderOf, tiesOf } from "./order.ts";
import { checkpointsOf } from "./schedule.ts";
import type { Units } from "./unit.ts";
import { unitScores, unitsOf } from "./units.ts";

export interface Asked {
  readonly units: readonly Units[];
  /** Unit scores by sample. */
  readonly scores: readonly Float64Array[];
  readonly ties: readonly number[];
  /** Curves of the heatmap in an order. */
  along(order: Order, more?: Pick<CurveAsk, "insertion">): CurveAsk;
  /** Curves of random orders, the same for every heatmap: `given.orders` [K, N, units] if there are any, else drawn. */
  random(count: number): readonly CurveAsk[];
}

/** Reads the parameters unit, steps, imputer, and aggregate and repeats where the metric has them. Errors: BadRecipe, BadInput. */
export const askedOf = (trial: Trial): Asked => {
  const { params, given, ids, random } = trial;
  const units = unitsOf(trial, String(params.unit));
  const aggregate = params.aggregate === "sum" ? "sum" : "mean";
  const scores = units.map((of, n) => unitScores(trial, n, of, aggregate));
  const base = {
    units,
    checkpoints: units.map(({ count }) => checkpointsOf(count, String(params.steps))),
    imputer: String(params.imputer),
    repeats: Number(params.repeats ?? 1),
  };
  return {
    units,
    scores,
    ties: scores.map(tiesOf),
    along: (order, more) => ({ ...base, ...more, orders: scores.map((of) => orderOf(of, order)) }),
    random: (count) =>
      given?.orders !== undefined
        ? givenOrders(given.orders).map((orders) => ({ ...base, orders }))
        : Array.from({ length: count }, (_, draw) => ({
            ...base,
            orders: units.map(({ count: size }, n) => random.stream(ids[n]!, draw, 2).permutation(size)),
          })),
  };
};

const givenOrders = ({ dims, data }: Tensor): Uint32Array[][] => {
  const [draws, samples, units] = dims as [number, number, number];
  const flat = Uint32Array.from(data as ArrayLike<number | bigint>, Number);
  return Array.from({ length: draws }, (_, k) =>
    Array.from({ length: samples }, (_, n) => flat.subarray((k * samples + n) * units, (k * samples + n + 1) * units)),
  );
};

/** Entries about the mean over all orders there are: the random curve of every permutation. */
import { type Tensor, unitsOf } from "@backlit/core";
import type { Bench } from "./bench.ts";
import type { MetricExpectation } from "./case.ts";
import type { Found } from "./found.ts";
import { mapsFor } from "./maps.ts";
import { MeasuredEntry } from "./measured.ts";
import { unsupported } from "./setting.ts";
import { unitSetting } from "./units.ts";

/** 8! = 40,320 orders. */
const MOST = 8;

export const asksPermutations = ({ params }: MetricExpectation): boolean =>
  typeof params.order === "string" && params.order.startsWith("mean over all N! permutations");

export const permuted = async (bench: Bench, entry: MetricExpectation): Promise<Found> => {
  const { params, given } = await unitSetting(entry.params.unit ?? "pixel", bench.reading);
  const counts = await bench.look(given, await mapsFor(bench, entry.relevance), (trial) =>
    unitsOf(trial, String(params.unit)).map(({ count }) => count),
  );
  const [count] = counts as [number, ...number[]];
  if (count > MOST || counts.some((other) => other !== count)) throw unsupported(`all orders of ${counts.join(", ")} units`);
  const all = permutations(count);
  const over = (orders: readonly (readonly number[])[]) =>
    new MeasuredEntry(
      bench,
      { ...entry, params: { ...entry.params, order: undefined } },
      { orders: ordersOf(orders, counts.length) },
    );
  const forward = over(all);
  const backward = over(all.map((order) => order.toReversed()));
  return {
    curve: (name) => forward.curve(name),
    dataset: (name) => forward.dataset(name),
    fraction: (name) => forward.fraction(name),
    ties: () => forward.ties(),
    direction: (name) => forward.direction(name),
    scalar: async (name) => {
      // A random map's SRG: its order backward (LIF) against its order (MIF).
      const [, score] = /^srg_random(.*)$/.exec(name) ?? [];
      if (score === undefined) return forward.scalar(name);
      const [low, high] = [await forward.scalar(`auc_random${score}`), await backward.scalar(`auc_random${score}`)];
      return Array.from(low, (area, n) => high[n]! - area);
    },
  };
};

const permutations = (count: number): number[][] =>
  count === 0
    ? [[]]
    : permutations(count - 1).flatMap((order) =>
        Array.from({ length: count }, (_, at) => [...order.slice(0, at), count - 1, ...order.slice(at)]),
      );

/** The same for all samples: [orders, samples, units]. */
const ordersOf = (orders: readonly (readonly number[])[], samples: number): Tensor => ({
  type: "int32",
  dims: [orders.length, samples, orders[0]!.length],
  data: Int32Array.from(orders.flatMap((order) => Array<readonly number[]>(samples).fill(order).flat())),
});

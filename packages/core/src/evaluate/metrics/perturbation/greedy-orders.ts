/** Orders found step by step: what is most relevant in the map of what is left goes next. */

import { append } from "../../../numeric/extremes.ts";
import { sampleOf, widthOf } from "../../../tensor/float.ts";
import { fillingOf } from "../../imputers/index.ts";
import type { Explaining, Trial } from "../../metric.ts";
import type { CurveAsk } from "../../removal/curve.ts";
import { remove, valuesOf } from "../../removal/drops.ts";
import { orderOf } from "../../removal/order.ts";
import { unitScores } from "../../removal/units.ts";

/** By sample. A map is made at each count of the ask; units after the last count follow in the order of the last map. Errors: those of explaining. */
export const greedyOrders = async (
  trial: Trial,
  explaining: Explaining,
  { units, checkpoints, imputer }: Pick<CurveAsk, "units" | "checkpoints" | "imputer">,
): Promise<readonly Uint32Array[]> => {
  const { x, params } = trial;
  const aggregate = params.aggregate === "sum" ? "sum" : "mean";
  const gone: number[][] = units.map(() => []);
  const rest: (readonly number[])[] = units.map(({ count }) => Array.from({ length: count }, (_, u) => u));
  const ahead = checkpoints.map((counts) => counts.filter((count) => count > 0));
  for (let step = 0; ; step++) {
    const open = units.flatMap((_, n) => (ahead[n]![step] === undefined ? [] : [n]));
    if (open.length === 0) break;
    const data = new Float32Array(open.length * widthOf(x));
    const left = { ...x, dims: [open.length, ...x.dims.slice(1)], data };
    open.forEach((n, k) => {
      const row = sampleOf(left, k);
      row.set(sampleOf(x, n));
      if (gone[n]!.length > 0) remove(row, valuesOf(units[n]!, gone[n]!), fillingOf(trial, imputer, n, 0));
    });
    const relevance = await explaining.maps(left, open);
    open.forEach((n, k) => {
      const scores = unitScores({ ...trial, x: left, relevance }, k, units[n]!, aggregate);
      const known = new Set(gone[n]);
      const next = Array.from(orderOf(scores, "morf")).filter((unit) => !known.has(unit));
      const more = ahead[n]![step]! - gone[n]!.length;
      append(gone[n]!, next.slice(0, more));
      rest[n] = next.slice(more);
    });
  }
  return units.map((_, n) => Uint32Array.from([...gone[n]!, ...rest[n]!]));
};

/** Where the object is, for metrics that ask whether relevance lies on it. */
import { fail } from "../../../errors.ts";
import { layoutOf } from "../../../features/layout.ts";
import type { MetricCard } from "../../card.ts";
import type { Trial } from "../../metric.ts";
import { positionMap } from "../../removal/units.ts";

/** One heatmap and its mask, by position. */
export interface Placed {
  readonly map: Float64Array;
  /** 1 inside the object. */
  readonly inside: Uint8Array;
  /** Positions inside. */
  readonly size: number;
  /** Of the axes positions run over: height and width. */
  readonly sizes: readonly number[];
}

/** Heatmap and mask of every sample. Errors: BadInput (no masks, or of another shape). */
export const placedOf = (trial: Trial, { name }: Pick<MetricCard, "name">): readonly Placed[] => {
  const { masks, x, kind } = trial;
  if (masks === undefined)
    throw fail("BadInput", {
      what: `metric '${name}'`,
      why: "nothing says where the objects are",
      fix: "give masks or boxes with the data",
    });
  const { sizes } = layoutOf(x.dims, kind);
  const width = sizes.reduce((a, b) => a * b, 1);
  if (masks.dims[0] !== x.dims[0] || masks.data.length !== x.dims[0]! * width)
    throw fail("BadInput", {
      what: `masks of ${masks.dims.join("×")}`,
      why: `the input is ${x.dims.join("×")}`,
      fix: "give one for each sample, in the input's height and width with one channel",
    });
  return Array.from({ length: x.dims[0]! }, (_, n): Placed => {
    const inside = Uint8Array.from({ length: width }, (_, i) => Number(Number(masks.data[n * width + i]) > 0));
    return { map: positionMap(trial, n), inside, size: inside.reduce((a, b) => a + b, 0), sizes };
  });
};

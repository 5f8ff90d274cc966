/** Which values of a sample belong together: the channels of a picture or series, the places of an embedding's width. A table is one channel. */
import { fail } from "../../errors.ts";
import { type Layout, layoutOf, positionsOf } from "../../features/layout.ts";
import { sampleOf, widthOf } from "../../tensor/float.ts";
import type { Imputing } from "./imputer.ts";

export interface Channels {
  readonly count: number;
  of(value: number): number;
}

type Sample = Pick<Imputing, "x" | "n" | "kind">;

export const layoutOfSample = ({ x, kind }: Pick<Sample, "x" | "kind">): Layout => layoutOf(x.dims, kind);

export const channelsOf = (sample: Sample): Channels => {
  const layout = layoutOfSample(sample);
  const { before, after } = layout;
  const positions = positionsOf(layout);
  return after > 1
    ? { count: after, of: (value) => value % after }
    : { count: before, of: (value) => Math.floor(value / positions) };
};

/** Channels, height and width of a picture; a series has height 1. Errors: BadRecipe where values have no neighbours. */
export const planesOf = (
  name: string,
  sample: Sample,
): { readonly channels: number; readonly height: number; readonly width: number } => {
  const { kind, before, sizes } = layoutOfSample(sample);
  if (kind !== "space" || sizes.length > 2) throw noNeighbours(name);
  return { channels: before, height: sizes.length === 2 ? sizes[0]! : 1, width: sizes.at(-1)! };
};

export const noNeighbours = (name: string) =>
  fail("BadRecipe", { what: `imputer '${name}'`, why: "this input has no neighbours", fix: "take zero, mean or patches" });

/** The mean of each channel of the untouched sample. */
export const channelMeans = (sample: Sample): Float64Array => {
  const { count, of } = channelsOf(sample);
  const { x, n } = sample;
  const sums = new Float64Array(count);
  sampleOf(x, n).forEach((v, i) => {
    sums[of(i)]! += v;
  });
  return sums.map((sum) => (sum * count) / widthOf(x));
};

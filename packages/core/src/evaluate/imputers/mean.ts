/** The mean of each channel of the untouched sample. */
import { layoutOf, naturalKind } from "../../methods/features/layout.ts";
import { sampleOf } from "../../methods/method.ts";
import { type Imputer, snapshot } from "./imputer.ts";

export const mean: Imputer = {
  card: {
    name: "mean",
    form: "mean",
    what: "the mean of each channel of the sample (of a table: of its features)",
    source: "Samek et al. 2017",
  },
  prepare: (_, { x, n, inner }) => {
    const row = sampleOf(x, n);
    const { before, after } = layoutOf(x.dims, naturalKind(x.dims, inner));
    const channelOf = (i: number) => (after > 1 ? i % after : Math.floor(i / (row.length / before)));
    const sums = new Float64Array(Math.max(before, after));
    row.forEach((v, i) => {
      sums[channelOf(i)]! += v;
    });
    const share = row.length / sums.length;
    return snapshot(Float32Array.from(row, (_, i) => sums[channelOf(i)]! / share));
  },
};

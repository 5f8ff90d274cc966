/** Stand-ins the caller made: `given.snapshots`, [repeats, N, …]. */
import { fail } from "../../errors.ts";
import { widthOf } from "../../tensor/float.ts";
import { type Imputer, snapshot } from "./imputer.ts";

export const given: Imputer = {
  card: { name: "given", form: "given", what: "stand-ins the caller made, one set a repeat", source: "the caller" },
  prepare: (_, { x, n, repeat, given }) => {
    const made = given?.snapshots;
    const width = widthOf(x);
    const from = (repeat * x.dims[0]! + n) * width;
    if (made === undefined || made.data.length < from + width)
      throw fail("BadInput", {
        what: "imputer 'given'",
        why: made === undefined ? "no stand-ins were given" : `there are ${made.dims.join("×")}`,
        fix: "give them as [repeats, N, …]",
      });
    return snapshot(Float32Array.from(made.data.slice(from, from + width) as ArrayLike<number>));
  },
};

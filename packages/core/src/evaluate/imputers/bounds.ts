/** Lowest and highest value a place may take: asked for, else those of the preprocessing, else the sample's own in each channel. */
import { fail } from "../../errors.ts";
import { sampleOf } from "../../tensor/float.ts";
import { channelsOf } from "./channels.ts";
import type { Imputing } from "./imputer.ts";

export type Bounds = (value: number) => readonly [low: number, high: number];

/** `args`: LO and HI as text, or none. Errors: BadRecipe, BadInput (a range that does not fit the channels). */
export const boundsOf = (name: string, args: readonly string[], sample: Imputing): Bounds => {
  if (args.length > 0) return askedFor(name, args);
  const { range } = sample;
  const { count, of } = channelsOf(sample);
  const row = sampleOf(sample.x, sample.n);
  if (range === undefined) {
    const low = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    const high = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    row.forEach((v, i) => {
      const c = of(i);
      if (v < low[c]!) low[c] = v;
      if (v > high[c]!) high[c] = v;
    });
    return (i) => [low[of(i)]!, high[of(i)]!];
  }
  // One for all, one a channel, or one a value (the features of a table).
  const reader = (list: readonly number[]) => {
    if (list.length === 1) return () => list[0]!;
    if (list.length === count) return (i: number) => list[of(i)]!;
    if (list.length === row.length) return (i: number) => list[i]!;
    throw fail("BadInput", {
      what: `a range of ${list.length} numbers`,
      why: `the input has ${count} channels`,
      fix: "give one, or one a channel",
    });
  };
  const [low, high] = [reader(range.low), reader(range.high)];
  return (i) => [low(i), high(i)];
};

const askedFor = (name: string, args: readonly string[]): Bounds => {
  const [low, high] = args.map((text) => (text === "" ? Number.NaN : Number(text)));
  if (args.length !== 2 || !Number.isFinite(low) || !Number.isFinite(high) || low! > high!)
    throw fail("BadRecipe", {
      what: `imputer '${[name, ...args].join(":")}'`,
      fix: `${name} or ${name}:LO:HI, as in ${name}:0:1`,
    });
  return () => [low!, high!];
};

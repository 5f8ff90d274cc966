/** What the outputs of an artefact's run say, and what its feeds must be. */
import { fail } from "../errors.ts";
import type { Difference } from "../methods/index.ts";
import type { Plan } from "../plan/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Explanation } from "./types.ts";

/** A list of classes has one for each sample. */
export const checkCount = (count: number, feeds: Readonly<Record<string, Tensor>>, { batchAxis, explained }: Plan): void => {
  const samples = (feeds[explained[0]!] ?? Object.values(feeds)[0])?.dims[0];
  if (batchAxis !== 0 || samples === count) return;
  throw fail("BadTarget", { what: `${count} classes for ${samples} samples`, fix: "give one class, or one for each sample" });
};

/** float32 [N(, K), 2] */
export const differencesIn = ({ data }: Tensor): readonly Difference[] =>
  Array.from({ length: data.length / 2 }, (_, k) => ({ score: Number(data[2 * k]), reference: Number(data[2 * k + 1]) }));

/** float32 [N(, K), 2]: the model's own score, and what is decomposed in its place. */
export const decomposedIn = ({ data }: Tensor): NonNullable<Explanation["details"]> => {
  const every = (from: number) => Array.from({ length: data.length / 2 }, (_, k) => Number(data[2 * k + from]));
  return { o: every(1), "f(x)": every(0) };
};

/** Class indices of each sample. */
export const rows = (t: Tensor): number[][] => {
  const width = t.dims.slice(1).reduce((a, b) => a * b, 1);
  const flat = Array.from(t.data as BigInt64Array, Number);
  return Array.from({ length: t.dims[0] ?? 1 }, (_, i) => flat.slice(i * width, (i + 1) * width));
};

/** What arrays of an archive or folder are called: samples, labels, masks. */
import type { Tensor, ValueInfoProto } from "@backlit/core";

export const SAMPLES = ["x", "X", "images", "inputs", "input", "data"];
export const LABELS = ["labels", "y", "targets", "label", "target"];
export const MASKS = ["masks", "mask", "segmentations"];

/** The first array that goes by one of the names. */
export const pick = (arrays: ReadonlyMap<string, Tensor>, names: readonly string[]): Tensor | undefined =>
  names.map((name) => arrays.get(name)).find((tensor) => tensor !== undefined);

/** Arrays for inputs of the model: those called as it calls them; else the samples, or the only array, for `first`. Empty where there is none. */
export const arraysFor = (
  arrays: ReadonlyMap<string, Tensor>,
  inputs: readonly ValueInfoProto[],
  first: ValueInfoProto | undefined,
): readonly (readonly [input: ValueInfoProto, tensor: Tensor])[] => {
  const named = inputs.filter(({ name }) => arrays.has(name));
  if (named.length > 0) return named.map((input) => [input, arrays.get(input.name)!] as const);
  const x = pick(arrays, SAMPLES) ?? (arrays.size === 1 ? [...arrays.values()][0] : undefined);
  return x === undefined || first === undefined ? [] : [[first, x] as const];
};

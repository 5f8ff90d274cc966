/** Arrays as feeds: as they are, or as pictures where the model takes some and they are bytes. */
import { pixelBox, type Tensor, type ValueInfoProto } from "@backlit/core";
import type { Reading, Rows, Taking } from "../kind.ts";
import type { LoadedInput } from "../loaded-input.ts";
import { isPixels, pictured } from "../picture/read.ts";
import { fitted } from "./fitted.ts";
import { arraysFor, LABELS, MASKS } from "./names.ts";

export const readArray = (loaded: LoadedInput, { targets: [input], file, reading }: Taking): Rows | undefined => {
  if (loaded.kind !== "tensor" && loaded.kind !== "tensors") return undefined;
  const fit = fitting(loaded.name, reading);
  if (loaded.kind === "tensor") {
    if (isPixels(loaded.tensor, input!, reading)) return pictured(loaded.tensor, input!, file, reading);
    return [{ file, feeds: { [input!.name]: fit(loaded.tensor, input!) } }];
  }
  const given = arraysFor(loaded.tensors, reading.inputs, input);
  const [only] = given;
  if (given.length === 1 && isPixels(only![1], only![0], reading)) return pictured(only![1], only![0], file, reading);
  return [{ file, feeds: named(loaded, given, fit, reading) }];
};

/** Arrays of a file as the inputs take them. */
export const fitting =
  (where: string, { picture, preprocessor, scaled, note }: Reading) =>
  (tensor: Tensor, to: ValueInfoProto): Tensor => {
    const box = to === picture && preprocessor ? pixelBox(preprocessor) : undefined;
    return fitted(tensor, to, { where, scale: scaled(tensor, to), ...(box && { box }) }, note);
  };

/**
 * Arrays that are no input stay where an input is missing, so that whoever misspelt one is told; where all are there, the others are left
 * aside with a notice (a graph's file may have both its edges and its adjacency matrix). Labels and masks are data's own.
 */
const named = (
  { tensors, name }: Extract<LoadedInput, { kind: "tensors" }>,
  given: ReturnType<typeof arraysFor>,
  fit: (tensor: Tensor, to: ValueInfoProto) => Tensor,
  { inputs, note }: Reading,
): Record<string, Tensor> => {
  const taken = new Set(given.map(([, tensor]) => tensor));
  const others = [...tensors].filter(([name, tensor]) => !taken.has(tensor) && ![...LABELS, ...MASKS].includes(name));
  const fitting = given.map(([input, tensor]) => [input.name, fit(tensor, input)] as const);
  if (given.length < inputs.length) return Object.fromEntries([...fitting, ...others]);
  if (others.length > 0)
    note(`${name}: ${others.map(([other]) => `'${other}'`).join(", ")} is no input of the model: left aside`);
  return Object.fromEntries(fitting);
};

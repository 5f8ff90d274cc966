/** Before a model runs: every input it takes is given, or filled in where there is an obvious value, or named as missing. */
import { dataTypeName, fail, isCache, type Tensor, type ValueInfoProto } from "@backlit/core";
import { type TokenRole, tokenInput, tokenRole, wholeNumbers } from "../kinds/text/feeds.ts";
import { dimsOf } from "../models/inputs.ts";
import type { Sample } from "../samples/sample.ts";

const DEFAULTS: Readonly<Partial<Record<TokenRole, { readonly as: string; readonly value: (i: number) => number }>>> = {
  mask: { as: "ones", value: () => 1 },
  types: { as: "zeros", value: () => 0 },
  positions: { as: "0, 1, 2, …", value: (i) => i },
};

/**
 * The samples with attention mask, token types and positions filled in where only token ids are given. Throws BadInput that lists
 * every input of the model with type, shape and what became of it when one is missing.
 */
export const completed = (
  samples: readonly Sample[],
  inputs: readonly ValueInfoProto[],
  note: (text: string) => void,
): readonly Sample[] => {
  const ids = tokenInput(inputs);
  return samples.map((sample) => {
    const feeds: Record<string, Tensor> = { ...sample.feeds };
    const filled = new Map<string, string>();
    for (const input of inputs) {
      const role = tokenRole(input);
      const standard = role && DEFAULTS[role];
      const shape = ids && input !== ids ? feeds[ids.name]?.dims : undefined;
      if (feeds[input.name] || !standard || !shape || dimsOf(input).length !== shape.length) continue;
      const [rows, length] = shape as [number, number];
      const values = Array.from({ length: rows * length }, (_, i) => standard.value(i % length));
      feeds[input.name] = wholeNumbers(values, shape, input);
      filled.set(input.name, standard.as);
    }
    const caches = inputs.filter((input) => !feeds[input.name] && isCache(input)).map(({ name }) => name);
    if (caches.length > 0)
      note(
        `${caches.length === 1 ? `cache '${caches[0]}' is` : `${caches.length} caches are`} empty: all tokens are read at once`,
      );
    const missing = inputs.filter(({ name }) => !feeds[name] && !caches.includes(name));
    if (missing.length > 0) throw incomplete(inputs, missing, sample, filled);
    for (const [name, as] of filled) note(`input '${name}' is filled in with ${as}`);
    return { ...sample, feeds };
  });
};

const incomplete = (
  inputs: readonly ValueInfoProto[],
  missing: readonly ValueInfoProto[],
  sample: Sample,
  filled: ReadonlyMap<string, string>,
) => {
  const state = ({ name }: ValueInfoProto) =>
    sample.feeds[name] ? "given" : filled.has(name) ? `filled in with ${filled.get(name)}` : "missing";
  return fail("BadInput", {
    what: `${missing.length} of the model's ${inputs.length} inputs ${missing.length > 1 ? "are" : "is"} missing`,
    ...(sample.file && { where: sample.file }),
    why: inputs.map((input) => `${describeInput(input)} ${state(input)}`).join("; "),
    fix: `add ${missing.map(({ name }) => `--input ${name}=file`).join(" ")}`,
  });
};

/** `input_ids int64 N×L` */
const describeInput = (input: ValueInfoProto): string => {
  const dims = dimsOf(input);
  const type = dataTypeName(input.type?.tensorType?.elemType ?? 1);
  return [input.name, type, dims.map((d) => d ?? "?").join("×")].filter(Boolean).join(" ");
};

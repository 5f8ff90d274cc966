/** Tokens as the inputs of a token model: ids, attention mask, token types, positions. */
import { arrayOf, type Tensor, type TextToken, tensorType, type ValueInfoProto } from "@backlit/core";
import { dimsOf } from "../../models/inputs.ts";

export type TokenRole = "ids" | "mask" | "types" | "positions";

/** What an input is by its name, as exporters write them: input_ids, attention_mask, token_type_ids or segment_ids, position_ids. */
export const tokenRole = ({ name }: ValueInfoProto): TokenRole | undefined => {
  if (/mask/i.test(name)) return "mask";
  if (/token_?type|segment/i.test(name)) return "types";
  if (/position|pos_ids/i.test(name)) return "positions";
  return /ids|tokens|^input/i.test(name) ? "ids" : undefined;
};

const INTEGER = ["int64", "int32"];

/** The input that takes token ids: whole numbers, [N, L]. */
export const tokenInput = (inputs: readonly ValueInfoProto[]): ValueInfoProto | undefined =>
  inputs.find((input) => {
    const rank = input.type?.tensorType?.shape?.length ?? 2;
    return rank === 2 && tokenRole(input) === "ids" && INTEGER.includes(tensorType(input.type?.tensorType?.elemType ?? 1));
  });

/** A fixed number of tokens, where the model takes no other. */
export const fixedLength = (input: ValueInfoProto): number | undefined => {
  const length = dimsOf(input)[1];
  return typeof length === "number" ? length : undefined;
};

/** One row of every input there is a role for, padded to `length`. */
export const tokenFeeds = (
  inputs: readonly ValueInfoProto[],
  tokens: readonly TextToken[],
  { length, padId, padLeft }: { readonly length: number; readonly padId: number; readonly padLeft: boolean },
): Record<string, Tensor> => {
  const from = padLeft ? length - tokens.length : 0;
  const at = <T>(f: (token: TextToken, i: number) => T, pad: T): T[] =>
    Array.from({ length }, (_, i) => (tokens[i - from] ? f(tokens[i - from]!, i - from) : pad));
  const rows: Record<TokenRole, () => readonly number[]> = {
    ids: () => at(({ id }) => id, padId),
    mask: () => at(() => 1, 0),
    types: () => at(({ type }) => type, 0),
    positions: () => at((_, i) => i, 0),
  };
  return Object.fromEntries(
    inputs.flatMap((input) => {
      const role = tokenRole(input);
      return role ? [[input.name, wholeNumbers(rows[role](), [1, length], input)]] : [];
    }),
  );
};

/** Whole numbers in the element type an input takes, as float32 where that is none of theirs. */
export const wholeNumbers = (values: readonly number[], dims: readonly number[], input: ValueInfoProto): Tensor => {
  const type = tensorType(input.type?.tensorType?.elemType ?? 7);
  const own = type === "int64" || type === "int32" || type === "bool" || type === "uint8" ? type : "float32";
  return { type: own, dims, data: arrayOf(values, own) } as Tensor;
};

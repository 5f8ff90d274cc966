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

/** The inputs that one text goes to: token ids, with the mask, types and positions called like them. */
export interface Tower {
  readonly ids: ValueInfoProto;
  readonly inputs: readonly ValueInfoProto[];
  /** It continues a text of its own behind the one that is read. */
  readonly decoder: boolean;
}

/** One for most models; two for an encoder with a decoder, and for two encoders whose texts are compared. In the order of the inputs. */
export const towersOf = (inputs: readonly ValueInfoProto[]): readonly Tower[] => {
  const rest = [...inputs];
  const ids: ValueInfoProto[] = [];
  for (let found = tokenInput(rest); found !== undefined; found = tokenInput(rest)) {
    ids.push(found);
    rest.splice(rest.indexOf(found), 1);
  }
  const owner = (input: ValueInfoProto) => ids.find((one) => nameBeside(one) === nameBeside(input)) ?? ids[0];
  return ids.map((one) => ({
    ids: one,
    inputs: inputs.filter((input) => input === one || (!ids.includes(input) && tokenRole(input) && owner(input) === one)),
    decoder: /decoder/i.test(one.name),
  }));
};

/** It reads two texts apart from each other and compares them. */
export const comparesTexts = (inputs: readonly ValueInfoProto[]): boolean =>
  towersOf(inputs).filter(({ decoder }) => !decoder).length > 1;

/** What is left of a name without the words for its role: `decoder`, `b`. */
const nameBeside = ({ name }: ValueInfoProto): string =>
  name
    .replace(/(input_?)?ids|tokens?|(attention_?)?mask|(token_?)?types?|segment|position|pos|input/gi, "")
    .replace(/[^a-z0-9]/gi, "");

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

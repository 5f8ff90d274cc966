/** What absence is in a text: the mask token, or the padding, in the place of each of its own tokens. Special ones ([CLS]) stay. */
import type { AbsentName, AbsentTokens } from "../methods/method.ts";
import type { Plan } from "../plan/index.ts";
import { isAside } from "../reading/explained-sums.ts";
import type { Tensor, TensorData } from "../tensor/tensor.ts";
import type { LoadedModel } from "./loaded.ts";
import type { Opened } from "./open-model.ts";
import type { TokenNames } from "./types.ts";

/** As baselines and imputers call them, the usual one first. */
const KINDS: Readonly<Record<AbsentName, "mask" | "pad">> = { "mask-token": "mask", "pad-token": "pad" };

/** The token that stands for absence where nobody says another. */
export interface UsualToken {
  readonly name: AbsentName;
  /** "the mask token '[MASK]'" */
  readonly what: string;
}

type Tokens = Pick<TokenNames, "mask" | "pad" | "special" | "decode">;

/** Undefined where what is explained is no text's, and where the tokenizer knows neither. */
export const usualToken = (lit: LoadedModel, plan: Plan): UsualToken | undefined => {
  const { tokens } = lit.options;
  const [name] = namesOf(tokens, plan);
  if (tokens === undefined || name === undefined) return undefined;
  const id = tokens[KINDS[name]]!;
  return { name, what: `the ${KINDS[name]} token ${tokens.decode(id).trim() ? `'${tokens.decode(id).trim()}'` : id}` };
};

/** Undefined as above. Errors: Runtime. */
export const absentTokens = async (lit: LoadedModel, { plan, feeds, at }: Opened): Promise<AbsentTokens | undefined> => {
  const { tokens } = lit.options;
  const names = namesOf(tokens, plan);
  if (tokens === undefined || names.length === 0) return undefined;
  const inputs = idsOf(plan);
  const values = names.map(async (name) => {
    const replaced = inputs.flatMap((input) => (feeds[input] ? [[input, withToken(feeds[input], tokens, KINDS[name])]] : []));
    return [name, await at({ ...feeds, ...Object.fromEntries(replaced) })] as const;
  });
  return Object.fromEntries(await Promise.all(values));
};

/** Those the tokenizer has, and the model's table. */
const namesOf = (tokens: Tokens | undefined, plan: Plan): readonly AbsentName[] => {
  const rows = lookedUp(plan).map(({ value }) => plan.takes.tables.get(value)!);
  if (tokens === undefined || rows.length === 0) return [];
  const names = Object.keys(KINDS) as AbsentName[];
  return names.filter((name) => rows.every((count) => (tokens[KINDS[name]] ?? Number.POSITIVE_INFINITY) < count));
};

/** Explained values that rows of a table make, of tokens and not of their places or types. */
const lookedUp = ({ explained, takes }: Plan) =>
  takes.candidates.filter(({ value, inputs }) => explained.includes(value) && takes.tables.has(value) && !isAside({ inputs }));

const idsOf = (plan: Plan): readonly string[] => [
  ...new Set(lookedUp(plan).flatMap(({ inputs }) => inputs.filter((name) => !isAside({ inputs: [name] })))),
];

const withToken = ({ type, dims, data }: Tensor, { special, ...tokens }: Tokens, kind: "mask" | "pad"): Tensor => {
  const stays = (id: number) => id === tokens.pad || special?.(id) === true;
  const id = tokens[kind]!;
  const values = (data as BigInt64Array).slice();
  for (let i = 0; i < values.length; i++)
    if (!stays(Number(values[i]))) values[i] = (typeof values[i] === "bigint" ? BigInt(id) : id) as bigint;
  return { type, dims, data: values as TensorData };
};

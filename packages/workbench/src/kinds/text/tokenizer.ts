/** Texts to tokens, by the tokenizer.json beside a model (@huggingface/tokenizers) and what the files next to it say about lengths. */
import {
  alignTokens,
  fail,
  minOf,
  type TextToken,
  type TokenizedText,
  type TokenNames,
  tokenSurface,
  wordsOf,
} from "@backlit/core";
import { type Files, folderOf, inside } from "../../host/files.ts";
import type { Host } from "../../host/host.ts";
import { type Allowed, TOKENIZER_SECONDS } from "../../models/allowed.ts";
import { truncate } from "./truncate.ts";

export interface TextTokenizer {
  /** Tokens of one text or of a pair, special ones included, cut to `maxLength`. Throws BadInput for a text without tokens. */
  tokenize(texts: readonly string[], maxLength?: number): TokenizedText;
  /** The most tokens the model takes, as its files say. */
  readonly maxLength: number | undefined;
  readonly padId: number;
  readonly padLeft: boolean;
  /** What stands before the first token that a decoder gives; undefined where no file says. */
  readonly startId?: number;
  /** Texts of single tokens, for models whose classes are tokens. */
  readonly names: TokenNames;
}

/** Where its files lie, and what limits its regular expressions. */
export type TokenizerHost = Pick<Host, "files" | "limited">;

type Json = Readonly<Record<string, unknown>>;

/** `tokenizerSeconds`: what a text may take. Errors: BadFile. */
export const openTokenizer = async (
  { files, limited = (_, __, run) => run() }: TokenizerHost,
  path: string,
  { tokenizerSeconds = TOKENIZER_SECONDS }: Allowed = {},
): Promise<TextTokenizer> => {
  const { Tokenizer } = await import("@huggingface/tokenizers");
  const beside = (file: string) => readJson(files, inside(folderOf(path), file)).catch((): Json => ({}));
  const bad = (cause: unknown) =>
    fail("BadFile", { what: "the tokenizer cannot be read", where: path, why: (cause as Error).message }, cause);
  const json = await readJson(files, path).catch((cause) => {
    throw bad(cause);
  });
  const [model, special, own] = await Promise.all(
    ["config.json", "special_tokens_map.json", "tokenizer_config.json"].map(beside),
  );
  const config: Json = { ...special, ...own };
  let tokenizer: InstanceType<typeof Tokenizer>;
  try {
    tokenizer = new Tokenizer(json, config);
  } catch (cause) {
    throw bad(cause);
  }
  const surface = tokenSurface(json);
  const normalize = (text: string) => (tokenizer.normalizer ? tokenizer.normalizer(text) : text);
  const limit = maxLengthOf(json, config, model!);

  const tokenize = (texts: readonly string[], maxLength?: number): TokenizedText =>
    limited(texts.join(" "), tokenizerSeconds, () => tokenized(texts, maxLength));

  const tokenized = (texts: readonly string[], maxLength = limit): TokenizedText => {
    const [first = "", pair] = texts;
    const {
      ids,
      tokens,
      token_type_ids: types,
    } = tokenizer.encode(first, {
      ...(pair !== undefined && { text_pair: pair }),
      return_token_type_ids: true,
    });
    const own = texts.map((text) => tokenizer.tokenize(text));
    texts.forEach((text, i) => {
      if (own[i]!.length === 0)
        throw fail("BadInput", {
          what: text.trim() === "" ? "the text is empty" : "the text has no tokens",
          where: texts.length > 1 ? `text ${i + 1} of the pair` : undefined,
          why: "only special tokens would be explained",
          fix: "give some words",
        });
    });
    const spans = texts.map((text, i) => alignTokens(text, own[i]!.map(surface), normalize));
    const words = texts.map((text, i) => wordsOf(text, spans[i]!));
    const before = (text: number) => words.slice(0, text).reduce((sum, one) => sum + one.words.length, 0);
    const places = placesOf(tokens, own);
    const all = tokens.map((token, at): TextToken => {
      const place = places[at];
      const word = place && words[place.text]!.ofToken[place.index]!;
      return {
        token,
        id: ids[at]!,
        type: types?.[at] ?? 0,
        ...(place && { span: { ...spans[place.text]![place.index]!, text: place.text } }),
        word: place && word !== null ? before(place.text) + word! : null,
      };
    });
    const allWords = words.flatMap((one, text) => one.words.map((word) => ({ ...word, text })));
    return truncate({ texts, tokens: all, words: allWords, cut: 0 }, maxLength);
  };
  const idOf = (token: string) => tokenizer.token_to_id(token);
  const maskId = idIn(config.mask_token, ["[MASK]", "<mask>"], idOf);
  const unknown = contentOf(config.unk_token) ?? (json.model as Json | undefined)?.unk_token;
  const added = (json.added_tokens ?? []) as readonly {
    readonly id: number;
    readonly special?: boolean;
    readonly content?: string;
  }[];
  // An unknown word is the text's own, as the mask is.
  const textual = added.filter(({ id, content }) => id === maskId || content === unknown);
  const specials = new Set(added.flatMap((token) => (token.special === true && !textual.includes(token) ? [token.id] : [])));
  const padId =
    idIn(config.pad_token, ["[PAD]", "<pad>"], idOf) ?? (model!.pad_token_id as number | null | undefined) ?? undefined;
  const names: TokenNames = {
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    decode: (token) => tokenizer.decode([token]),
    ...(maskId !== undefined && { mask: maskId }),
    ...(padId !== undefined && { pad: padId }),
    special: (token) => specials.has(token),
  };
  const start = model!.decoder_start_token_id ?? model!.bos_token_id;
  return {
    tokenize,
    names,
    maxLength: limit,
    ...(typeof start === "number" && { startId: start }),
    padId: padId ?? 0,
    padLeft: config.padding_side === "left",
  };
};

const readJson = async (files: Files, path: string): Promise<Json> =>
  JSON.parse(new TextDecoder().decode(await files.read(path)));

/** For every token the text it comes from and its index there: the texts' own tokens are runs within all of them. */
const placesOf = (tokens: readonly string[], own: readonly (readonly string[])[]) => {
  const places: ({ text: number; index: number } | undefined)[] = tokens.map(() => undefined);
  let from = 0;
  own.forEach((run, text) => {
    const found = tokens.findIndex((_, at) => at >= from && run.every((token, i) => tokens[at + i] === token));
    const start = found < 0 ? from : found;
    run.forEach((_, index) => {
      if (start + index < tokens.length) places[start + index] = { text, index };
    });
    from = start + run.length;
  });
  return places;
};

const positive = (value: unknown): number | undefined =>
  typeof value === "number" && value > 0 && value < 1e6 ? value : undefined;

/**
 * The least of what the files say. `model_max_length` is 1e30 where nobody set it; RoBERTa's positions begin behind the padding's
 * index, so that its table is longer than its texts.
 */
const maxLengthOf = ({ truncation }: Json, config: Json, model: Json): number | undefined => {
  const positions = positive(model.max_position_embeddings);
  const roberta = /roberta|camembert|bertweet/.test(String(model.model_type));
  const offset = roberta ? (positive(model.pad_token_id) ?? 1) + 1 : 0;
  const all = [
    positive((truncation as Json | null | undefined)?.max_length),
    positive(config.model_max_length),
    positions && positions - offset,
  ].filter((n) => n !== undefined);
  return all.length ? minOf(all) : undefined;
};

/** A special token is its text or `{ content }`. */
const contentOf = (token: unknown): string | undefined => {
  const content = typeof token === "string" ? token : (token as Json | null | undefined)?.content;
  return typeof content === "string" ? content : undefined;
};

/** By what the config calls it, else by the usual names where the vocabulary has one. */
const idIn = (said: unknown, usual: readonly string[], idOf: (token: string) => number | undefined): number | undefined => {
  const names = [contentOf(said), ...usual].filter((name) => name !== undefined);
  return names.map(idOf).find((id) => id !== undefined);
};

/** Tokens by their text: `token:"text"`, and where a model's classes are tokens their bare text. */
import { fail } from "../../errors.ts";
import type { TokenNames } from "../types.ts";
import { hasVocabulary } from "./language.ts";
import type { Scene } from "./scene.ts";

/** Whether words are no index and none of a target's own. */
export const isBareWord = (words: string): boolean =>
  !/^(top|argmax|input|value)$|^(top|value|index|label|token):|^-?\d+(,-?\d+)*$/s.test(words);

/** A token's number. Undefined for words of another kind. Errors: BadTarget. */
export const tokenOf = ({ lit, options }: Pick<Scene, "lit" | "options">, words: string): number | undefined => {
  const [, quoted, bare] = /^token:(?:"(.*)"|(.+))$/s.exec(words) ?? [];
  const exact = quoted ?? bare;
  if (exact === undefined && !(isBareWord(words) && hasVocabulary(lit, options))) return undefined;
  const { tokens } = lit.options;
  if (tokens === undefined)
    throw fail("BadTarget", {
      what: `target ${words}`,
      why: "the model comes without a tokenizer",
      fix: "give the token's number: INDEX@position:P or INDEX@last",
    });
  if (exact !== undefined) return oneOf(tokens, words, tokens.encode(exact));
  // A word of a text has a space before it, which many tokenizers count as the token's own.
  const spaced = tokens.encode(` ${words}`);
  return oneOf(tokens, words, spaced.length === 1 ? spaced : tokens.encode(words));
};

const PLACE = /^(last|position:\d+)$/;

/** Errors: BadTarget, unless a text is one token. */
const oneOf = (tokens: TokenNames, words: string, ids: readonly number[]): number => {
  const unknown = ids.some((id) => !(id >= 0) || (tokens.special?.(id) === true && !words.includes(tokens.decode(id))));
  if (ids.length === 1 && !unknown) return ids[0]!;
  throw fail("BadTarget", {
    what: `target ${words}`,
    why: unknown
      ? "the tokenizer does not know it"
      : ids.length === 0
        ? "it makes no token"
        : `it is ${ids.length} tokens: ${ids.map((id) => JSON.stringify(tokens.decode(id))).join(" ")}`,
    fix: PLACE.test(words)
      ? `before a place stands what is explained there: top@${words}`
      : unknown
        ? "name a token of its vocabulary"
        : "name one token, with the space before it where it begins a word; several are compared by span:a..b, in a text where they stand",
  });
};

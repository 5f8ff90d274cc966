/** Texts of models that read two apart from each other: an encoder and a decoder, or two encoders whose texts are compared. */
import { fail, type TextToken, type TokenizedText } from "@backlit/core";
import type { Sample, TextSample } from "../../samples/sample.ts";
import { fixedLength, type Tower, tokenFeeds } from "./feeds.ts";
import type { Written } from "./given.ts";
import type { TextTokenizer } from "./tokenizer.ts";

/** The first text goes to the first tower, the second (`--text-pair`, `pair:TEXT`) to the second; a decoder that is given none starts at its first token. */
export const towerSample = (
  { file, texts }: Written,
  towers: readonly Tower[],
  tokenizer: TextTokenizer,
  note: (text: string) => void,
): Sample => {
  const read: Record<string, TextSample> = {};
  const feeds: Sample["feeds"][] = [];
  towers.forEach((tower, k) => {
    const tokenized = tokenizedFor(tower, texts[k], tokenizer, note);
    const length = fixedLength(tower.ids) ?? tokenized.tokens.length;
    read[tower.ids.name] = { tokenized, from: tokenizer.padLeft ? length - tokenized.tokens.length : 0 };
    feeds.push(tokenFeeds(tower.inputs, tokenized.tokens, { ...tokenizer, length }));
  });
  return { file, feeds: Object.assign({}, ...feeds), text: read[towers[0]!.ids.name]!, texts: read };
};

const tokenizedFor = (
  { ids, decoder }: Tower,
  text: string | undefined,
  tokenizer: TextTokenizer,
  note: (text: string) => void,
): TokenizedText => {
  const most = fixedLength(ids) ?? tokenizer.maxLength;
  if (!decoder && text !== undefined) return tokenizer.tokenize([text], most);
  if (!decoder)
    throw fail("BadInput", {
      what: `no text for '${ids.name}'`,
      why: "the model reads two texts apart from each other",
      fix: "give the second with --text-pair, or compare both: --target pair:TEXT",
    });
  const start = tokenizer.startId ?? tokenizer.padId;
  const first: TextToken = { token: tokenizer.names.decode(start) || `token ${start}`, id: start, type: 0, word: null };
  if (text === undefined) {
    note(`'${ids.name}' holds the decoder's first token alone (--text-pair gives what it has said so far)`);
    return { texts: [], tokens: [first], words: [], cut: 0 };
  }
  // The tokenizer's own special tokens are the encoder's.
  const own = tokenizer.tokenize([text], most === undefined ? undefined : most - 1);
  return { ...own, tokens: [first, ...own.tokens.filter(({ word, span }) => word !== null || span !== undefined)] };
};

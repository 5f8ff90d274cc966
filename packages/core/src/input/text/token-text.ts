/** A text, or a pair of texts, as a model reads it, and relevance brought back to its words. */
import type { Span } from "./align-tokens.ts";

export interface TokenizedText {
  /** One, or the two of a pair, as the user wrote them. */
  readonly texts: readonly string[];
  /** In the model's order, without padding. */
  readonly tokens: readonly TextToken[];
  readonly words: readonly TextWord[];
  /** Tokens that were cut off because the model takes no more. */
  readonly cut: number;
}

export interface TextToken {
  /** As the vocabulary writes it. */
  readonly token: string;
  readonly id: number;
  /** The segment it belongs to, 0 or 1 (token_type_ids). */
  readonly type: number;
  /** Where it lies; absent for the tokens a tokenizer adds ([CLS], [SEP]). */
  readonly span?: Span & { readonly text: number };
  /** Index into `words`; null for special tokens. */
  readonly word: number | null;
}

export interface TextWord extends Span {
  /** Which of the texts. */
  readonly text: number;
}

export interface ScoredText {
  /** Σ R over each token's embedding. */
  readonly tokens: Float32Array;
  /** Σ R over each word's tokens. */
  readonly words: Float32Array;
  /** Σ R of the special tokens. */
  readonly special: number;
  /** Σ R of everything, padding included. */
  readonly total: number;
}

/** Σ R at every position of the first axis: of [L] the values, of [L, D] the sums over embeddings. */
export const sumsByPosition = ({
  dims,
  data,
}: {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}): Float32Array => {
  const [length = 0] = dims;
  const width = data.length / length;
  return Float32Array.from({ length }, (_, i) => data.subarray(i * width, (i + 1) * width).reduce((a, b) => a + b, 0));
};

/**
 * Relevance by token and word. `relevance`: [L, D] or [L], with padding; the text's tokens begin at position `from`.
 * Undefined when the first axis cannot be the tokens.
 */
export const scoreText = (
  { tokens, words }: TokenizedText,
  relevance: { readonly dims: readonly number[]; readonly data: Float32Array },
  from = 0,
): ScoredText | undefined => {
  const [length] = relevance.dims;
  if (length === undefined || length < from + tokens.length) return undefined;
  const byToken = sumsByPosition(relevance).slice(from, from + tokens.length);
  const byWord = new Float32Array(words.length);
  let special = 0;
  tokens.forEach(({ word }, i) => {
    if (word === null) special += byToken[i]!;
    else byWord[word]! += byToken[i]!;
  });
  return { tokens: byToken, words: byWord, special, total: relevance.data.reduce((a, b) => a + b, 0) };
};

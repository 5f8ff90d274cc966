/** A text in pieces: words with their relevance, and what lies between them. */
import type { ScoredText, TokenizedText } from "../input/text/token-text.ts";
import { maxOf } from "../numeric/extremes.ts";
import { signed } from "./signed.ts";

export interface Piece {
  readonly text: string;
  /** Relevance; absent for white space and what no token covers. */
  readonly value?: number;
  /** Positions of its first and last token. */
  readonly tokens?: readonly [first: number, last: number];
  /** Cut off: the model never saw it. */
  readonly unseen?: true;
}

/** One of the texts, whole: the pieces joined are the text as it was written. */
export const piecesOf = ({ texts, tokens, words, cut }: TokenizedText, scored: ScoredText, text = 0): readonly Piece[] => {
  const whole = texts[text]!;
  const tokensOf = new Map<number, readonly [number, number]>();
  tokens.forEach(({ word }, i) => {
    if (word !== null) tokensOf.set(word, [tokensOf.get(word)?.[0] ?? i, i]);
  });
  const pieces: Piece[] = [];
  let at = 0;
  words.forEach((word, i) => {
    if (word.text !== text) return;
    if (word.start > at) pieces.push({ text: whole.slice(at, word.start) });
    pieces.push({ text: whole.slice(word.start, word.end), value: scored.words[i]!, tokens: tokensOf.get(i)! });
    at = word.end;
  });
  if (at < whole.length) {
    const rest = { text: whole.slice(at) };
    pieces.push(cut > 0 && rest.text.trim() !== "" ? { ...rest, unseen: true } : rest);
  }
  return pieces;
};

export interface SpecialToken {
  readonly token: string;
  readonly value: number;
}

/** The tokens no text of the user's stands for, in order. */
export const specialTokens = ({ tokens }: TokenizedText, scored: ScoredText): readonly SpecialToken[] =>
  tokens.flatMap(({ token, word }, i) => (word === null ? [{ token, value: scored.tokens[i]! }] : []));

/** Where the colours of a text end: the largest |R| of its words; its special tokens are told apart. */
export const limitOf = (values: Iterable<number>): number => {
  let most = 0;
  for (const value of values) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most;
};

/** Below this share of all |R| the first token is one among others. */
const NAMED = 0.2;
/** Above it, and as a word of the text, it would leave no colours to the others. */
const DOMINANT = 0.5;

/** The first token's share of Σ|R|: causal models gather relevance there, whatever it says. 0 where there is none. */
export const firstShare = (values: ArrayLike<number>): number => {
  const all = Array.from(values).reduce((sum, value) => sum + Math.abs(value), 0);
  return all > 0 ? Math.abs(values[0]!) / all : 0;
};

/** Where the colours of numbers end of which the first may hold most: the largest |R|, without a first that dominates. */
const limitBehind = (values: ArrayLike<number>): number => {
  const others = limitOf(Array.from(values).slice(1));
  return firstShare(values) > DOMINANT && others > 0 ? others : limitOf(Array.from(values));
};

/** Where the colours of a matrix end: the largest |R|, of rows that the first column dominates the largest of the others. */
export const matrixLimit = (values: readonly ArrayLike<number>[]): number => maxOf(values.map(limitBehind), 0);

/** Where the colours of a text's words end. */
export const wordsLimit = ({ words }: ScoredText): number => limitBehind(words);

/** What the words, the special tokens and all together hold. */
export const legendLines = (tokenized: TokenizedText, scored: ScoredText): readonly string[] => {
  const words = scored.words.reduce((a, b) => a + b, 0);
  const count = tokenized.tokens.filter(({ word }) => word === null).length;
  const share = tokenized.tokens.length > 2 ? firstShare(scored.tokens) : 0;
  return [
    `Σ R of the words ${signed(words)}`,
    ...(count > 0 ? [`Σ R of the ${count === 1 ? "special token" : `${count} special tokens`} ${signed(scored.special)}`] : []),
    ...(share >= NAMED ? [`the first token has ${Math.round(100 * share)} % of Σ |R|`] : []),
    ...(wordsLimit(scored) < limitOf(scored.words) ? ["colours without the first word"] : []),
    ...(tokenized.cut > 0 ? [`${tokenized.cut} tokens at the end were cut off (struck through)`] : []),
  ];
};

/** A text in pieces: words with their relevance, and what lies between them. */
import type { ScoredText, TokenizedText } from "../input/text/token-text.ts";
import { signed } from "./signed.ts";

export interface Piece {
  readonly text: string;
  /** Relevance; absent for white space and what no token covers. */
  readonly value?: number;
  /** Cut off: the model never saw it. */
  readonly unseen?: true;
}

/** One of the texts, whole: the pieces joined are the text as it was written. */
export const piecesOf = ({ texts, words, cut }: TokenizedText, scored: ScoredText, text = 0): readonly Piece[] => {
  const whole = texts[text]!;
  const pieces: Piece[] = [];
  let at = 0;
  words.forEach((word, i) => {
    if (word.text !== text) return;
    if (word.start > at) pieces.push({ text: whole.slice(at, word.start) });
    pieces.push({ text: whole.slice(word.start, word.end), value: scored.words[i]! });
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

/** What the words, the special tokens and all together hold. */
export const legendLines = (tokenized: TokenizedText, scored: ScoredText): readonly string[] => {
  const words = scored.words.reduce((a, b) => a + b, 0);
  const count = tokenized.tokens.filter(({ word }) => word === null).length;
  return [
    `Σ R of the words ${signed(words)}`,
    ...(count > 0 ? [`Σ R of the ${count} special tokens ${signed(scored.special)}`] : []),
    ...(tokenized.cut > 0 ? [`${tokenized.cut} tokens at the end were cut off (struck through)`] : []),
  ];
};

import { fail, maxOf, type TokenizedText } from "@backlit/core";

/** Cuts tokens off the end of the longer text until all fit, as Hugging Face's "longest_first". Special tokens stay. */
export const truncate = (all: TokenizedText, maxLength: number | undefined): TokenizedText => {
  const over = maxLength === undefined ? 0 : all.tokens.length - maxLength;
  if (over <= 0) return all;
  const of = (text: number) => all.tokens.filter(({ span }) => span?.text === text).length;
  const left = all.texts.map((_, text) => of(text));
  if (over > left.reduce((a, b) => a + b, 0) - left.length)
    throw fail("BadInput", { what: `no text fits into ${maxLength} tokens`, why: "the special tokens take them" });
  for (let i = 0; i < over; i++) left[left[0]! >= (left[1] ?? 0) ? 0 : 1]!--;
  const seen = left.map(() => 0);
  const tokens = all.tokens.filter(({ span }) => span === undefined || seen[span.text]!++ < left[span.text]!);
  // Words that lost all of their tokens go; a word that lost some ends where its last token does.
  const kept = [...new Set(tokens.flatMap(({ word }) => word ?? []))].sort((a, b) => a - b);
  const words = kept.map((old) => {
    const ends = tokens.filter(({ word }) => word === old).map(({ span }) => span!.end);
    return { ...all.words[old]!, end: maxOf(ends) };
  });
  const renumbered = tokens.map((token) => ({ ...token, word: token.word === null ? null : kept.indexOf(token.word) }));
  return { texts: all.texts, tokens: renumbered, words, cut: over };
};

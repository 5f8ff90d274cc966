/**
 * Words of a text that was cut into tokens. Words are those of Unicode (UAX #29, by Intl.Segmenter): "don't" is one, "film." is
 * two, 日本 is one; a token that reaches over several of them joins them. Whatever way a vocabulary marks the pieces of words, what
 * counts is where they lie.
 */
import type { Span } from "./align-tokens.ts";

export interface Words {
  /** In the order of the text; what lies between (white space, what no token covers) belongs to none. */
  readonly words: readonly Span[];
  /** For every token its word; null for a token without text and without a token after it. */
  readonly ofToken: readonly (number | null)[];
}

/** The words of a text, and for every token, given by its place in the text, the word it belongs to. */
export const wordsOf = (text: string, spans: readonly Span[]): Words => {
  const starts = Array.from(new Intl.Segmenter(undefined, { granularity: "word" }).segment(text), ({ index }) => index);
  const words: { start: number; end: number; last: number }[] = [];
  const ofToken: (number | null)[] = [];
  let segment = 0;
  const segmentAt = (position: number): number => {
    while (segment + 1 < starts.length && starts[segment + 1]! <= position) segment++;
    return segment;
  };
  for (const { start, end } of spans) {
    if (start === end) {
      ofToken.push(null);
      continue;
    }
    const open = words.at(-1);
    const joins = open !== undefined && (start < open.end || segmentAt(start) === open.last);
    const last = segmentAt(end - 1);
    if (joins) Object.assign(open, { end: Math.max(open.end, end), last });
    else words.push({ start, end, last });
    ofToken.push(words.length - 1);
  }
  // A token without text (a lone "▁") belongs to the word it announces.
  for (let i = ofToken.length - 2; i >= 0; i--) ofToken[i] ??= ofToken[i + 1]!;
  return { words: words.map(({ start, end }) => ({ start, end })), ofToken };
};

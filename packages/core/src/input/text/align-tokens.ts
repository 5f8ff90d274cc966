/**
 * Where tokens lie in their text. Tokenizers change text on the way (lower case, accents, compatibility forms) and say nothing
 * about positions, so the tokens' letters are laid along the text's own letters, normalised cluster by cluster:
 *
 *   text      C a f é ␣ 1 0
 *   letters   c a f e   1 0        each knows the cluster it comes from
 *   tokens    [ca][##fe] [10]
 *
 * Letters are UTF-8 bytes: a byte-level token may be a third of a character, and then shares its span with its neighbours. An
 * unknown token has no letters; it takes the next piece (between white space, punctuation and ideographs), or as many pieces or
 * clusters as make the token after it fit.
 */
import { lettersOf } from "./token-surface.ts";

/** [start, end) in UTF-16 units, as String.slice takes them. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface Letter extends Span {
  readonly byte: number;
  /** Counts the clusters and pieces of the text. */
  readonly cluster: number;
  readonly piece: number;
}

const CLUSTER = /\P{M}\p{M}*|^\p{M}+/gu;
const ALONE = /^[\p{P}$+<=>^`|~\p{Script=Han}]/u;
/** How far a token is looked for when the text holds letters it lacks. */
const REACH = 64;

/**
 * One span per token, in order; a token without letters (white space, a lone "▁") is empty and lies where the last one ended.
 * `surfaces`: each token's letters, undefined for an unknown token. `normalize`: the tokenizer's own normaliser.
 */
export const alignTokens = (
  text: string,
  surfaces: readonly (Uint8Array | undefined)[],
  normalize: (text: string) => string = (same) => same,
): readonly Span[] => {
  const letters = lettersIn(text, normalize);
  const spans: Span[] = [];
  let at = 0;
  const take = (to: number) => {
    const [first, last] = [letters[at], letters[to - 1]];
    const end = spans.at(-1)?.end ?? 0;
    spans.push(to > at && first && last ? { start: first.start, end: last.end } : { start: end, end });
    at = Math.max(at, to);
  };
  for (let i = 0; i < surfaces.length; i++) {
    const surface = surfaces[i];
    if (surface === undefined) {
      const run = runOfUnknown(surfaces, i);
      for (const to of unknownEnds(letters, at, run, surfaces[i + run])) take(to);
      i += run - 1;
    } else {
      at = surface.length === 0 ? at : findFrom(letters, at, surface);
      take(Math.min(letters.length, at + surface.length));
    }
  }
  return spans;
};

const lettersIn = (text: string, normalize: (text: string) => string): readonly Letter[] => {
  const letters: Letter[] = [];
  let [cluster, piece] = [0, 0];
  let alone = false;
  for (const { 0: characters, index: start } of text.matchAll(CLUSTER)) {
    cluster++;
    const single = ALONE.test(characters);
    if (single || alone || /^\s/u.test(characters)) piece++;
    alone = single;
    const span = { start, end: start + characters.length, cluster, piece };
    for (const byte of lettersOf(normalize(characters))) letters.push({ byte, ...span });
  }
  return letters;
};

const matching = (letters: readonly Letter[], at: number, surface: Uint8Array): number => {
  let n = 0;
  while (n < surface.length && letters[at + n]?.byte === surface[n]) n++;
  return n;
};
const fits = (letters: readonly Letter[], at: number, surface: Uint8Array): boolean =>
  matching(letters, at, surface) === surface.length;

/** Where the token begins: here, or further on when the text holds letters the tokenizer dropped; here again if nowhere. */
const findFrom = (letters: readonly Letter[], at: number, surface: Uint8Array): number => {
  if (2 * matching(letters, at, surface) > surface.length) return at;
  for (let from = at; from < Math.min(letters.length, at + REACH); from++) if (fits(letters, from, surface)) return from;
  return at;
};

const runOfUnknown = (surfaces: readonly (Uint8Array | undefined)[], from: number): number => {
  let to = from;
  while (to < surfaces.length && surfaces[to] === undefined) to++;
  return to - from;
};

/** Ends of `run` unknown tokens from `at` on, so that `next` fits behind them. */
const unknownEnds = (letters: readonly Letter[], at: number, run: number, next: Uint8Array | undefined): readonly number[] => {
  const good = (end: number) => (next === undefined ? end === letters.length : fits(letters, end, next));
  const [pieces, clusters] = [stepsBy(letters, at, run, "piece"), stepsBy(letters, at, run, "cluster")];
  for (const ends of [pieces, clusters]) if (good(ends.at(-1)!)) return ends;
  let end = letters.length;
  if (next) for (let from = letters.length; from > at; from--) if (fits(letters, from, next)) end = from;
  return pieces.map((to, i) => (i === run - 1 ? end : Math.min(to, end)));
};

const stepsBy = (letters: readonly Letter[], at: number, run: number, unit: "piece" | "cluster"): readonly number[] => {
  let to = at;
  return Array.from({ length: run }, () => {
    const here = letters[to]?.[unit];
    while (to < letters.length && letters[to]![unit] === here) to++;
    return to;
  });
};

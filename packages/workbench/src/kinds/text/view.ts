/** Words on coloured grounds; signed numbers behind them where a terminal has no colours. */

import {
  firstShare,
  legendLines,
  type Piece,
  piecesOf,
  printable,
  type ScoredText,
  signedBeside,
  specialTokens,
  type TokenizedText,
  terminalWords,
  typeset,
  wordsLimit,
} from "@backlit/core";
import { terminalColours } from "../../host/surface.ts";
import type { ExplainedMap, ExplainedRow } from "../../rows/explained.ts";
import { sidesOf } from "../../views/sides.ts";
import type { View, ViewContext } from "../../views/view.ts";
import { scoredTexts } from "./scored-text.ts";

/** Undefined when the INPUT is no text, or what is explained has no axis of tokens. */
export const textView = (row: ExplainedRow, map: ExplainedMap, context: ViewContext): View | undefined => {
  const found = scoredTexts(row, map, context);
  if (found === undefined) return undefined;
  const { tokenized, scored } = found;
  const { target } = map;
  const sides = sidesOf(target);
  const notes = legendLines(tokenized, scored).map(typeset);
  return {
    what: "a text",
    terminal: (io) => {
      const colors = terminalColours(io);
      const limit = wordsLimit(scored);
      const lines = tokenized.texts.flatMap((_, text) => terminalWords(piecesOf(tokenized, scored, text), colors, limit));
      const special = specialTokens(tokenized, scored).map(
        ({ token, value }) => `${printable(token)} ${signedBeside(value, limit)}`,
      );
      return [
        ...lines,
        ...(special.length ? [io.colours.dim(special.join("  "))] : []),
        io.colours.dim(legendLines(tokenized, scored).join(", ")),
      ];
    },
    html: async ({ scale } = {}) => {
      const { legendHtml, wordsHtml } = await import("../../views/drawings.ts");
      const { body } = wordsHtml(tokenized, scored, { limit: scale?.limit });
      return { body, legend: legendHtml({ limit: wordsLimit(scored), notes, sides }, scale) };
    },
    figure: async ({ title, otherwise, scale } = {}) =>
      (await import("../../views/drawings.ts")).wordsFigure(
        tokenized.texts.map((_, text) => piecesOf(tokenized, scored, text)),
        {
          ...(title !== undefined && { title, ...(otherwise !== undefined && { otherwise }) }),
          limit: scale?.limit ?? wordsLimit(scored),
          sides,
          lines: notes,
          legend: scale === undefined,
        },
      ),
    scale: () => ({ limit: wordsLimit(scored), signed: true }),
    data: () => ({
      kind: "text",
      texts: tokenized.texts.map((_, text) => piecesOf(tokenized, scored, text).map((piece) => placed(piece, row))),
      limit: wordsLimit(scored),
    }),
    json: () => textDocument(tokenized, scored),
  };
};

/** With its tokens counted as the model counts them; texts read apart from each other have no common count. */
const placed = ({ tokens, ...piece }: Piece, { sample: { text, texts } }: ExplainedRow): Piece =>
  tokens === undefined || text === undefined || texts !== undefined
    ? piece
    : { ...piece, tokens: [tokens[0] + text.from, tokens[1] + text.from] };

/** Keys of a map in `--json`: every token and every word with its place in the text, UTF-16 units. */
const textDocument = ({ texts, tokens, words, cut }: TokenizedText, scored: ScoredText) => ({
  texts,
  tokens: tokens.map(({ token, id, type, span, word }, i) => ({
    token,
    id,
    type,
    special: span === undefined,
    ...(span && { in: span.text, start: span.start, end: span.end, text: texts[span.text]!.slice(span.start, span.end) }),
    word,
    relevance: scored.tokens[i],
  })),
  words: words.map(({ text, start, end }, i) => ({
    in: text,
    start,
    end,
    text: texts[text]!.slice(start, end),
    relevance: scored.words[i],
  })),
  special: scored.special,
  firstShare: firstShare(scored.tokens),
  cut,
});

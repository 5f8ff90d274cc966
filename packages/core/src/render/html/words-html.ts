/** An explained text as HTML: its words on coloured grounds, their scores on hover, special tokens greyed. */
import type { ScoredText, TokenizedText } from "../../input/text/token-text.ts";
import type { Sides } from "../picture/legend.ts";
import { legendLines, type Piece, piecesOf, specialTokens, wordsLimit } from "../pieces.ts";
import { signedNumber, typeset } from "../signed.ts";
import { type Html, html, joinHtml } from "./html.ts";
import { htmlLegend, valueStyle } from "./page.ts";

/** The map and the legend of a page's section. */
export const wordsHtml = (
  tokenized: TokenizedText,
  scored: ScoredText,
  { sides, ...given }: { readonly limit?: number | undefined; readonly sides?: Sides } = {},
): { readonly body: string; readonly legend: string } => {
  const limit = given.limit ?? wordsLimit(scored);
  const paragraphs = tokenized.texts.map((_, text) => {
    const pieces = piecesOf(tokenized, scored, text).map((piece) => pieceHtml(piece, limit));
    return html`<p class="text">${pieces}</p>`;
  });
  const special = specialTokens(tokenized, scored).map(
    ({ token, value }) => html`<span class="special" title="${signedNumber(value)}">${token}</span>`,
  );
  return {
    body: String(
      joinHtml(
        [...paragraphs, special.length > 0 ? html`<p>${joinHtml(special, " ")}</p>` : html``, scoreTable(tokenized, scored)],
        "\n",
      ),
    ),
    legend: htmlLegend(limit, legendLines(tokenized, scored).map(typeset), { sides }),
  };
};

const pieceHtml = ({ text, value, unseen }: Piece, limit: number): Html => {
  if (unseen) return html`<span class="unseen" title="cut off">${text}</span>`;
  if (value === undefined) return html`${text}`;
  return html`<span class="v" style="${valueStyle(value, limit)}" title="${signedNumber(value)}">${text}</span>`;
};

/** The same numbers for eyes that do not hover, strongest first. */
const scoreTable = ({ texts, words, tokens }: TokenizedText, { words: values }: ScoredText): Html => {
  const order = words.map((_, i) => i).sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!));
  const rows = order.map((i) => {
    const { text, start, end } = words[i]!;
    const own = tokens.filter(({ word }) => word === i).map(({ token }) => token);
    return html`<tr><th scope="row">${texts[text]!.slice(start, end)}</th><td>${signedNumber(values[i]!)}</td><td class="muted">${own.join(" ")}</td></tr>`;
  });
  return html`<details><summary>All words by strength</summary><table><tr><th>word</th><td>relevance</td><td>tokens</td></tr>${rows}</table></details>`;
};

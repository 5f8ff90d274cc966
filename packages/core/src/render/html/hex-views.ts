/** The hex dump in HTML. */
import { asciiOf, gapText, type HexRow, hexAt, hexByte, hexLimit, PER_ROW } from "../hex.ts";
import { signedNumber } from "../signed.ts";
import { html, joinHtml } from "./html.ts";
import { valueStyle } from "./page.ts";

/** The dump as one block; scores on hover. */
export const hexHtml = (rows: readonly HexRow[], limit = hexLimit(rows)): string => {
  const mark = (text: string, value: number, at: number) =>
    html`<span class="v" style="${valueStyle(value, limit)}" title="${hexAt(at)}: ${signedNumber(value)}">${text}</span>`;
  const lines = rows.map((row) => {
    if (row.kind === "gap") return html`<span class="gap">${gapText(row.rows)}</span>`;
    const bytes = row.cells.map(
      ({ byte, value }, i) => html`${i === PER_ROW / 2 && " "}${mark(hexByte(byte), value, row.at + i)}`,
    );
    const text = row.cells.map(({ byte, value }, i) => mark(asciiOf(byte), value, row.at + i));
    const pad = " ".repeat(3 * (PER_ROW - row.cells.length) + (row.cells.length <= PER_ROW / 2 ? 1 : 0));
    return html`<span class="at">${hexAt(row.at)}</span>  ${joinHtml(bytes, " ")}${pad}  ${text}`;
  });
  return String(html`<pre class="hex">${joinHtml(lines, "\n")}</pre>`);
};

/** The hex dump in a terminal and in HTML. */
import { asciiOf, gapText, type HexRow, hexAt, hexByte, PER_ROW } from "../hex.ts";
import { limitOf } from "../pieces.ts";
import { signed, signedNumber } from "../signed.ts";
import type { TerminalOptions } from "../terminal/terminal.ts";
import { onGround } from "../terminal/terminal-words.ts";
import { html, joinHtml } from "./html.ts";
import { valueStyle } from "./page.ts";

const limitIn = (rows: readonly HexRow[]): number =>
  limitOf(rows.flatMap((row) => (row.kind === "row" ? row.cells.map(({ value }) => value) : [])));

/** Without colours the row's relevance stands behind it, and a mark (+ or -) behind every byte of more than half the limit. */
export const terminalHex = (rows: readonly HexRow[], colors: TerminalOptions["colors"]): readonly string[] => {
  const limit = limitIn(rows);
  const mark = (text: string, value: number) => (Number.isNaN(value) ? text : onGround(text, value, limit, colors));
  return rows.map((row) => {
    if (row.kind === "gap") return gapText(row.rows);
    const strong = (value: number) => (colors !== "none" || Math.abs(value) <= limit / 2 ? " " : value < 0 ? "-" : "+");
    const bytes = row.cells.map(({ byte, value }) => mark(hexByte(byte), value) + strong(value));
    const text = row.cells.map(({ byte, value }) => mark(asciiOf(byte), value)).join("");
    const pad = " ".repeat(3 * (PER_ROW - row.cells.length));
    const sum = row.cells.reduce((total, { value }) => total + value, 0);
    const half = [bytes.slice(0, PER_ROW / 2).join(""), bytes.slice(PER_ROW / 2).join("")];
    return `${hexAt(row.at)}  ${half.join(" ")}${pad} ${text}${" ".repeat(PER_ROW - row.cells.length)}  ${signed(sum, 2)}`;
  });
};

/** The dump as one block; scores on hover. */
export const hexHtml = (rows: readonly HexRow[]): string => {
  const limit = limitIn(rows);
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

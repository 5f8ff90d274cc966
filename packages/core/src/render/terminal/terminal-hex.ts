/** The hex dump in a terminal. */
import { asciiOf, gapText, type HexRow, hexAt, hexByte, hexLimit, PER_ROW } from "../hex.ts";
import { signed } from "../signed.ts";
import type { TerminalOptions } from "./terminal.ts";
import { onGround } from "./terminal-words.ts";

/** Without colours the row's relevance stands behind it, and a mark (+ or -) behind every byte of more than half the limit. */
export const terminalHex = (rows: readonly HexRow[], colors: TerminalOptions["colors"]): readonly string[] => {
  const limit = hexLimit(rows);
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

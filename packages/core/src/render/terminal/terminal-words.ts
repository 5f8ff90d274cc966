/** Words in a terminal: coloured grounds, or signed numbers behind them where there are no colours. */
import { diverging } from "../colour/colormap.ts";
import { coloured } from "../colour/ink.ts";
import { limitOf, type Piece } from "../pieces.ts";
import { printableText } from "../printable.ts";
import { signedBeside } from "../signed.ts";
import { colourCode, type TerminalOptions } from "./terminal.ts";

/** Lines as they stand in the text. */
export const terminalWords = (
  pieces: readonly Piece[],
  colors: TerminalOptions["colors"],
  limit = limitOf(pieces.flatMap(({ value }) => value ?? [])),
): readonly string[] => {
  const drawn = pieces.map(({ text: written, value, unseen }) => {
    const text = printableText(written);
    if (unseen) return colors === "none" ? ` [not seen:${text}]` : paint(text, "2");
    if (value === undefined) return text;
    if (colors === "none") return `${text}[${signedBeside(value, limit)}]`;
    return onGround(text, value, limit, colors);
  });
  return drawn.join("").split(/\r?\n/);
};

const FAINT = 0.04;

/** On the colour of its value; what has less than a 25th of the limit stays uncoloured, as its ground would be white. */
export const onGround = (text: string, value: number, limit: number, colors: TerminalOptions["colors"]): string => {
  if (colors === "none" || limit === 0 || Math.abs(value) < FAINT * limit) return text;
  const { ground, ink } = coloured(diverging, value, limit);
  return paint(text, `38;${colourCode(ink, colors)};48;${colourCode(ground, colors)}`);
};

/** A colour ends at each line's end, or terminals paint the rest of the line. */
export const paint = (text: string, code: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => (line === "" ? "" : `\x1b[${code}m${line}\x1b[0m`))
    .join("\n");

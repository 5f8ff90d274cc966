/** How wide texts are: in Helvetica, whose measure the usual sans-serifs share, and in whatever a drawing may be written with. */
import { textWidth } from "../raster/text.ts";

/** Advances of U+0020 to U+007E in thousandths of the size, from the font's published metrics (Adobe core 14 AFM). */
const REGULAR =
  "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584";
const BOLD =
  "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584";
const table = (text: string): readonly number[] => text.split(" ").map(Number);
const WIDTHS = { regular: table(REGULAR), bold: table(BOLD) };
/** Further characters of ours: dashes, signs, letters of the Symbol font. */
const OTHERS: Readonly<Record<string, number>> = {
  "…": 1000,
  "–": 556,
  "—": 1000,
  "−": 549,
  "×": 584,
  "·": 278,
  "±": 549,
  "≥": 549,
  "≤": 549,
  Σ: 592,
  "°": 400,
  "÷": 549,
  "│": 260,
}; // prettier-ignore

/** East Asian letters and pictures fill a square. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3ffff}]/u;
const NO_WIDTH = /\p{Mn}|\p{Cf}/u;

/** Advance of one character in thousandths of the size. */
const advance = (character: string, bold = false): number => {
  const base = character.normalize("NFD")[0]!;
  const known = WIDTHS[bold ? "bold" : "regular"][base.charCodeAt(0) - 32];
  if (base.length === 1 && known !== undefined) return known;
  if (NO_WIDTH.test(character)) return 0;
  return OTHERS[character] ?? (WIDE.test(character) ? 1000 : 640);
};

export interface TextSize {
  readonly size?: number;
  readonly bold?: boolean;
}

/** In Helvetica, px. */
export const helveticaWidth = (text: string, { size = 14, bold = false }: TextSize = {}): number =>
  ([...text].reduce((sum, character) => sum + advance(character, bold), 0) * size) / 1000;

/** Room that a text needs whatever it is written with. */
export const roomFor = (text: string, { size = 14, bold = false }: TextSize = {}): number =>
  Math.max(1.06 * helveticaWidth(text, { size, bold }), textWidth(text, { size, bold }));

/** The text, shortened with "…" to fit that room. */
export const fitted = (text: string, width: number, style: TextSize = {}): string => {
  if (roomFor(text, style) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && roomFor(`${characters.join("").trimEnd()}…`, style) > width) characters.pop();
  return `${characters.join("").trimEnd()}…`;
};

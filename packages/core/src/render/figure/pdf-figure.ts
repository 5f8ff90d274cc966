/** A figure as one page of PDF: texts as text where the fonts of every reader have the letters, else as pictures that can be copied as text. */
import { type PdfObjects, pdfText, point, writePdf } from "../../formats/pdf.ts";
import { fewColours, filteredPixels } from "../../formats/png/encode.ts";
import type { Raster } from "../../formats/raster.ts";
import type { Rgb } from "../colour/oklab.ts";
import { shrunk } from "../raster/canvas.ts";
import { type Coarseness, FINE, type Figure, type LineMark, type Mark, type RectMark, type TextMark } from "./figure.ts";
import { type DrawnText, type Letters, letterKey } from "./letters.ts";
import { LETTER_SIZE } from "./raster-figure.ts";
import { helveticaWidth } from "./text-size.ts";
import { colourOf, groundOf } from "./tones.ts";

/** Points of a px: pages are as large as the screen shows them. */
const POINTS = 0.75;

const FONTS =
  "/R << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> /B << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >> /M << /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >> /S << /Type /Font /Subtype /Type1 /BaseFont /Symbol >>";

/** `letters`: texts that the fonts of every reader have not. */
export const figurePdf = (
  figure: Figure,
  letters: Letters = new Map(),
  { aim, most, shrink = 1 }: Coarseness = FINE,
): Uint8Array => {
  const { width, height, label, marks, dark = false } = figure;
  return writePdf({
    width: width * POINTS,
    height: height * POINTS,
    title: label,
    draw: (objects) => {
      const names: string[] = [];
      const embed = (number: number) => `/I${names.push(`/I${names.length} ${number} 0 R`) - 1}`;
      const images = marks.filter(({ kind }) => kind === "image").length;
      // Maps take about as much as a photograph's share.
      const page: Sheet = { objects, embed, dark, letters, told: { aim: aim / Math.max(1, images), most, shrink } };
      // Down is positive, as in every other format.
      const content = [
        `${POINTS} 0 0 ${-POINTS} 0 ${point(height * POINTS)} cm`,
        ...(dark ? [rect(page, { kind: "rect", x: 0, y: 0, width, height, tone: groundOf(true) })] : []),
        ...marks.map((mark) => markOf(page, mark)),
      ];
      return { content: content.join("\n"), resources: `/Font << ${FONTS} >> /XObject << ${names.join(" ")} >>` };
    },
  });
};

interface Sheet {
  readonly objects: PdfObjects;
  /** Name of a picture among the page's resources. */
  readonly embed: (number: number) => string;
  readonly dark: boolean;
  readonly letters: Letters;
  readonly told: Required<Pick<Coarseness, "aim" | "most" | "shrink">>;
}

const markOf = (sheet: Sheet, mark: Mark): string => {
  if (mark.kind === "text") return text(sheet, mark);
  if (mark.kind === "rect") return rect(sheet, mark);
  if (mark.kind === "line") return line(sheet, mark);
  const { x, y, width, height } = mark;
  return picture(sheet.embed(embedded(sheet, mark.raster)), { x, y, width, height });
};

const colour = (rgb: Rgb, operator: "rg" | "RG"): string => `${rgb.map((c) => point(c / 255)).join(" ")} ${operator}`;

const rect = ({ dark }: Sheet, { x, y, width, height, tone }: Pick<RectMark, "kind" | "x" | "y" | "width" | "height" | "tone">) =>
  `${colour(colourOf(tone, dark), "rg")} ${[x, y, width, height].map(point).join(" ")} re f`;

const line = ({ dark }: Sheet, { points, tone, width = 1 }: LineMark): string =>
  `${colour(colourOf(tone, dark), "RG")} ${point(width)} w 1 J 1 j ${points.map(([x, y], i) => `${point(x)} ${point(y)} ${i === 0 ? "m" : "l"}`).join(" ")} S`;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const picture = (name: string, { x, y, width, height }: Box): string =>
  `q ${point(width)} 0 0 ${point(-height)} ${point(x)} ${point(y + height)} cm ${name} Do Q`;

/** As in a PNG: rows behind their filters, by a palette where there is one. */
const embedded = ({ objects, told }: Sheet, given: Raster): number => {
  const raster = fewColours(given) ? given : shrunk(given, told.shrink);
  const { width, height } = raster;
  const { palette, rows } = filteredPixels(raster, told);
  const hex = Array.from(palette ?? [], (byte) => byte.toString(16).padStart(2, "0")).join("");
  const space = palette === undefined ? "/DeviceRGB" : `[/Indexed /DeviceRGB ${palette.length / 3 - 1} <${hex}>]`;
  const parms = `/DecodeParms << /Predictor 15 /Colors ${palette === undefined ? 3 : 1} /BitsPerComponent 8 /Columns ${width} >>`;
  return objects.add(imageWith(width, height, `/ColorSpace ${space} ${parms}`), rows);
};

const imageWith = (width: number, height: number, more: string): string =>
  `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /BitsPerComponent 8 ${more}`;

const shift = (anchor: TextMark["anchor"], width: number): number =>
  anchor === "end" ? width : anchor === "middle" ? width / 2 : 0;

const text = (sheet: Sheet, mark: TextMark): string => {
  const { x, y, size = 14, anchor, bold = false, tone = "ink", mono = false } = mark;
  const drawn = runsOf(mark.text) === undefined ? sheet.letters.get(letterKey(mark)) : undefined;
  if (drawn) return letters(sheet, mark, drawn);
  const written = runsOf(mark.text) === undefined ? (mark.otherwise ?? "") : mark.text;
  const runs = runsOf(written) ?? [];
  const natural = mono ? 0.6 * size * [...written].length : helveticaWidth(written, { size, bold });
  const wanted = mark.width ?? natural;
  const stretch = natural === 0 ? 100 : (100 * wanted) / natural;
  const shown = runs.map(
    ({ symbol, codes }) => `/${symbol ? "S" : mono ? "M" : bold ? "B" : "R"} ${point(size)} Tf <${codes}> Tj`,
  );
  const left = x - shift(anchor, wanted);
  return `BT ${colour(colourOf(tone, sheet.dark), "rg")} ${point(stretch)} Tz 1 0 0 -1 ${point(left)} ${point(y)} Tm ${shown.join(" ")} ET`;
};

/** Letters as a picture: their cover is its mask. */
const letters = (sheet: Sheet, mark: TextMark, { width, height, cover, ascent }: DrawnText): string => {
  const part = (mark.size ?? 14) / LETTER_SIZE;
  const [wide, high] = [Math.min(mark.width ?? Number.POSITIVE_INFINITY, width * part), height * part];
  const mask = sheet.objects.add(imageWith(width, height, "/ColorSpace /DeviceGray"), cover);
  const ink = new Uint8Array(width * height * 3);
  const rgb = colourOf(mark.tone ?? "ink", sheet.dark);
  for (let i = 0; i < width * height; i++) ink.set(rgb, 3 * i);
  const number = sheet.objects.add(imageWith(width, height, `/ColorSpace /DeviceRGB /SMask ${mask} 0 R`), ink);
  const box = { x: mark.x - shift(mark.anchor, mark.width ?? wide), y: mark.y - ascent * part, width: wide, height: high };
  return `/Span << /ActualText ${pdfText(mark.text)} >> BDC ${picture(sheet.embed(number), box)} EMC`;
};

interface Run {
  readonly symbol: boolean;
  /** Hexadecimal. */
  readonly codes: string;
}

/** Codes of WinAnsi beyond Latin-1, and of the Symbol font. */
const WIN: Readonly<Record<string, number>> = {
  "…": 0x85,
  "–": 0x96,
  "—": 0x97,
  "‘": 0x91,
  "’": 0x92,
  "“": 0x93,
  "”": 0x94,
  "•": 0x95,
  "€": 0x80,
  Š: 0x8a,
  š: 0x9a,
  Ž: 0x8e,
  ž: 0x9e,
  Œ: 0x8c,
  œ: 0x9c,
  Ÿ: 0x9f,
}; // prettier-ignore
const SYMBOL: Readonly<Record<string, number>> = {
  "−": 0x2d,
  "≥": 0xb3,
  "≤": 0xa3,
  "∞": 0xa5,
  "≠": 0xb9,
  "≈": 0xbb,
  "→": 0xae,
  "←": 0xac,
  Σ: 0x53,
  Δ: 0x44,
  Ω: 0x57,
  α: 0x61,
  β: 0x62,
  γ: 0x67,
  δ: 0x64,
  ε: 0x65,
  λ: 0x6c,
  μ: 0x6d,
  π: 0x70,
  σ: 0x73,
  τ: 0x74,
  φ: 0x66,
}; // prettier-ignore

/** The fonts of every reader have its letters. */
export const inPdfFonts = (text: string): boolean => runsOf(text) !== undefined;

/** Undefined where a letter is in none of the fonts. */
const runsOf = (text: string): readonly Run[] | undefined => {
  const runs: { symbol: boolean; codes: string }[] = [];
  for (const character of text.normalize("NFC")) {
    const code = character.codePointAt(0)!;
    const symbol = SYMBOL[character];
    const plain = WIN[character] ?? ((code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code < 0x100) ? code : undefined);
    const found = symbol ?? plain;
    if (found === undefined) return undefined;
    const hex = found.toString(16).padStart(2, "0");
    const last = runs.at(-1);
    if (last !== undefined && last.symbol === (symbol !== undefined)) last.codes += hex;
    else runs.push({ symbol: symbol !== undefined, codes: hex });
  }
  return runs;
};

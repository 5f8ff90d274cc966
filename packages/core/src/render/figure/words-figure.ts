/** Words on coloured grounds, in lines: a text for slides. */
import { colorAt, diverging, divergingDark } from "../colour/colormap.ts";
import { coloured } from "../colour/ink.ts";
import { legend, type Sides } from "../picture/legend.ts";
import { limitOf, type Piece } from "../pieces.ts";
import { type Figure, type Mark, moved } from "./figure.ts";
import { fitted, roomFor } from "./text-size.ts";

export interface WordsFigureOptions {
  readonly title?: string;
  readonly otherwise?: string;
  /** Where the colours end; default: the largest |R| of the words. */
  readonly limit?: number;
  readonly sides?: Sides;
  /** Below the legend. */
  readonly lines?: readonly string[];
  /** Default true; false where one stands below several figures. */
  readonly legend?: boolean;
  /** px; default 720. */
  readonly width?: number;
  readonly dark?: boolean;
}

const [SIZE, LINE, MARGIN, LEGEND] = [17, 30, 16, 320];
/** Scripts that run from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
const LETTER = /\p{L}/u;
const NO_SPACES = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\u0e00-\u0e7f]/;

/** Texts one below the other, each in its pieces. */
export const wordsFigure = (texts: readonly (readonly Piece[])[], options: WordsFigureOptions = {}): Figure => {
  const { title, otherwise, sides, lines = [], width = 720, dark = false, legend: told = true } = options;
  const limit = options.limit ?? limitOf(texts.flat().flatMap(({ value }) => value ?? []));
  const room = width - 2 * MARGIN;
  const marks: Mark[] = [];
  let y = MARGIN;
  if (title !== undefined) {
    marks.push({
      kind: "text",
      text: fitted(title, room, { size: 16, bold: true }),
      ...(otherwise !== undefined && { otherwise }),
      x: MARGIN,
      y: y + 14,
      size: 16,
      bold: true,
    });
    y += 34;
  }
  for (const pieces of texts) {
    const placed = laidOut(pieces, room);
    const mirrored = RIGHT_TO_LEFT.test(firstLetter(pieces));
    for (const { piece, x, line, wide } of placed) {
      const left = MARGIN + (mirrored ? room - x - wide : x);
      for (const mark of wordMarks(piece, { x: left, y: y + line * LINE, wide, limit, dark })) marks.push(mark);
    }
    y += (1 + placed.reduce((most, { line }) => Math.max(most, line), 0)) * LINE + 8;
  }
  if (told) {
    const colors = dark ? divergingDark : diverging;
    const bar = legend(
      [],
      { limit, signed: true, invalid: 0 },
      { width: Math.min(LEGEND, room), colors, sides, size: 12, lines },
    );
    for (const mark of moved(bar.marks, MARGIN, y + 8)) marks.push(mark);
    y += 8 + bar.height;
  }
  const label = `relevance of words${title === undefined ? "" : `: ${title}`}`;
  return { width, height: y + MARGIN, label, marks, ...(dark && { dark }) };
};

const firstLetter = (pieces: readonly Piece[]): string => {
  for (const { text } of pieces) for (const character of text) if (LETTER.test(character)) return character;
  return "";
};

interface Placed {
  readonly piece: Piece;
  readonly x: number;
  readonly line: number;
  readonly wide: number;
}

/** White space may end a line; what is longer than a line, and scripts without spaces, are cut into letters. */
const laidOut = (pieces: readonly Piece[], room: number): readonly Placed[] => {
  const placed: Placed[] = [];
  let [x, line] = [0, 0];
  const put = (piece: Piece): void => {
    const wide = roomFor(piece.text, { size: SIZE });
    if (x > 0 && x + wide > room) {
      x = 0;
      line++;
      if (piece.text.trim() === "") return;
    }
    if (wide > room) {
      for (const part of halves(piece.text)) put({ ...piece, text: part });
      return;
    }
    placed.push({ piece, x, line, wide });
    x += wide;
  };
  for (const piece of pieces)
    piece.text.split(/(\r?\n)/).forEach((text) => {
      if (/^\r?\n$/.test(text)) {
        x = 0;
        line++;
        return;
      }
      for (const part of piece.value === undefined && !piece.unseen
        ? text.split(/(?<=\s)(?=\S)/)
        : NO_SPACES.test(text)
          ? [text]
          : [text])
        if (part !== "") put({ ...piece, text: part.replace(/\t/g, "  ") });
    });
  return placed;
};

const halves = (text: string): readonly string[] => {
  const characters = [...text];
  const middle = Math.ceil(characters.length / 2);
  return characters.length < 2 ? [] : [characters.slice(0, middle).join(""), characters.slice(middle).join("")];
};

interface Place {
  readonly x: number;
  readonly y: number;
  readonly wide: number;
  readonly limit: number;
  readonly dark: boolean;
}

const wordMarks = ({ text, value, unseen }: Piece, { x, y, wide, limit, dark }: Place): readonly Mark[] => {
  if (text.trim() === "") return [];
  const base = { kind: "text", text, x, y: y + 20, size: SIZE, width: wide } as const;
  if (unseen)
    return [
      { ...base, tone: "muted" },
      {
        kind: "line",
        points: [
          [x, y + 14],
          [x + wide, y + 14],
        ],
        tone: "muted",
      },
    ]; // prettier-ignore
  if (value === undefined) return [base];
  const map = dark ? divergingDark : diverging;
  const { ground, ink } = coloured(map, value, limit);
  const neutral = colorAt(map, 0).join() === ground.join();
  // A neutral ground is the page's, whatever its appearance.
  if (neutral) return [base];
  return [
    { kind: "rect", x: x - 1, y: y + 2, width: wide + 2, height: LINE - 5, tone: ground, round: 3 },
    { ...base, tone: ink },
  ];
};

/**
 * A stroke font of our own: printable ASCII, a few Greek letters and mathematical signs. A glyph is a width and some pen
 * strokes, so it is crisp at any size and needs no font file.
 *
 * Units: cap top is y = 0, x-height 4, baseline 14, descender 18. Coordinates are single characters, 0-9 then a-z (a = 10).
 * A stroke is a run of points `xy`. A point followed by ' is the control point of a quadratic Bézier curve, and between two
 * control points in a row lies an implied curve point half-way, as in TrueType outlines: "50a0'ae'5e" is half an oval.
 */
import { append } from "../../numeric/extremes.ts";
export interface Glyph {
  /** Width of the box the pen's centre line moves in, in units. */
  readonly width: number;
  /** Polylines, curves already flattened: x0, y0, x1, y1, … */
  readonly strokes: readonly (readonly number[])[];
}

/** Character, then its width and strokes. */
const GLYPHS: Readonly<Record<string, string>> = {
  " ": "3",
  "!": "0 0009 0d0e",
  '"': "3 0004 3034",
  "#": "9 302e 807e 0595 0999",
  $: "8 8370'4000'06'88'8e'4e1e'0b 404e",
  "%": "a 2000'05'2545'40'20 8969'6e'8eae'a9'89 901e",
  "&": "9 9e2500'4060'6365'3709'0b0e'4e8e'98",
  "'": "0 0004",
  "(": "3 3004'080c'3g",
  ")": "3 0034'383c'0g",
  "*": "6 3038 0266 6206",
  "+": "8 444c 0888",
  ",": "1 1d1e0h",
  "-": "5 0959",
  ".": "0 0d0e",
  "/": "6 600g",
  "0": "8 4000'0e'4e8e'80'40",
  "1": "8 13404e 1e7e",
  "2": "8 0400'4080'8487'0e8e",
  "3": "8 0310'4070'77'3787'8e'4e1e'0b",
  "4": "8 6e600a8a",
  "5": "8 70100615'4585'8e'4e1e'0b",
  "6": "8 7003'0a0e'4e8e'85'4505'0a",
  "7": "8 00803e",
  "8": "8 4010'16'4676'70'40 4606'0e'4e8e'86'46",
  "9": "8 1e8b'8480'4000'09'4989'84",
  ":": "0 0506 0d0e",
  ";": "1 1516 1d1e0h",
  "<": "7 74087c",
  "=": "8 0686 0a8a",
  ">": "7 04780c",
  "?": "7 0300'3070'7376'383a 3d3e",
  "@": "c 95999b'abcb'c7c0'6000'0e'6e9e 7545'4b'7b9b'99",
  A: "a 0e50ae 2989",
  B: "9 000e4e9e'97'5707 005080'87'57",
  C: "9 9380'5000'0e'5e8e'9b",
  D: "9 000e4e9e'90'4000",
  E: "7 70000e7e 0767",
  F: "7 70000e 0767",
  G: "9 9380'5000'0e'5e9e'9858",
  H: "9 000e 909e 0797",
  I: "0 000e",
  J: "6 606a6e'3e0e'0b",
  K: "8 000e 8008 358e",
  L: "7 000e7e",
  M: "a 0e0059a0ae",
  N: "9 0e009e90",
  O: "a 5000'0e'5eae'a0'50",
  P: "9 0e005090'98'5808",
  Q: "b 5000'0e'5eae'a0'50 6abf",
  R: "9 0e005090'98'5808 589e",
  S: "8 8370'4000'06'88'8e'4e1e'0b",
  T: "a 00a0 505e",
  U: "9 00090e'9e'9990",
  V: "a 005ea0",
  W: "e 003e72bee0",
  X: "9 009e 900e",
  Y: "a 0057a0 575e",
  Z: "9 00900e9e",
  "[": "3 30000g3g",
  "\\": "6 006g",
  "]": "3 00303g0g",
  "^": "6 053065",
  _: "8 0g8g",
  "`": "2 0023",
  a: "8 1614'4484'888e 894909'0e'3e8e'8a",
  b: "8 000e 4484'8e'4e0e'04'44",
  c: "7 7664'4404'0e'4e6e'7c",
  d: "8 808e 4484'8e'4e0e'04'44",
  e: "8 098984'4404'0e'4e7e'8c",
  f: "6 605020'242e 0464",
  g: "8 848f8i'4i1i'0g 4484'8e'4e0e'04'44",
  h: "8 000e 0804'4484'888e",
  i: "0 040e 0001",
  j: "2 242f2i'0i 2021",
  k: "7 000e 740a 377e",
  l: "2 000b0e'2e",
  m: "c 040e 0704'3464'676e 6764'94c4'c7ce",
  n: "8 040e 0804'4484'888e",
  o: "8 4404'0e'4e8e'84'44",
  p: "8 040i 4484'8e'4e0e'04'44",
  q: "8 848i 4484'8e'4e0e'04'44",
  r: "5 040e 0804'4454",
  s: "7 7664'3404'08'7a'7e'4e1e'0c",
  t: "6 212b2e'5e6e 0464",
  u: "8 040a0e'4e8e'8a 848e",
  v: "8 044e84",
  w: "c 043e659ec4",
  x: "7 047e 740e",
  y: "8 044e 842i",
  z: "7 04740e7e",
  "{": "4 4020'232628'0828'2a2d2g'4g",
  "|": "0 000g",
  "}": "4 0020'232628'4828'2a2d2g'0g",
  "~": "8 0926'486a'87",
  "±": "8 424a 0686 0d8d",
  "−": "8 0888",
  "×": "6 056b 650b",
  "·": "0 0809",
  "≥": "8 02860a 0d8d",
  "≤": "8 82068a 0d8d",
  "–": "7 0878",
  "—": "b 08b8",
  "…": "8 0d0e 4d4e 8d8e",
  "→": "a 08a8 64a86c",
  "²": "4 0200'2040'4243'0646",
  α: "8 846e'3e0e'04'3464'8e",
  β: "8 0i0400'4070'76'3686'8e'4e0e'0a",
  ß: "8 0e0400'4070'76'3686'8e'4e2e",
  γ: "8 044e84 4e4i",
  ε: "7 7564'4414'19'4909'0e'4e6e'7d",
  Σ: "8 8000570e8e",
};

/** What a character without a glyph shows: an empty box. */
const MISSING = "7 00707e0e00";

/** Straight pieces per curve. */
const PIECES = 8;

type Point = readonly [number, number];
interface StrokePoint {
  readonly at: Point;
  readonly control: boolean;
}

const middle = (p: Point, q: Point): Point => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];

const readStroke = (text: string): StrokePoint[] =>
  [...text.matchAll(/(\w)(\w)('?)/g)].map(([, x, y, mark]) => ({
    at: [Number.parseInt(x!, 36), Number.parseInt(y!, 36)],
    control: mark === "'",
  }));

const flatten = (points: readonly StrokePoint[]): number[] => {
  const out: number[] = [];
  let from: Point = points[0]!.at;
  append(out, from);
  for (let i = 1; i < points.length; i++) {
    const { at, control } = points[i]!;
    if (!control) {
      append(out, at);
      from = at;
      continue;
    }
    const next = points[i + 1]!;
    const to = next.control ? middle(at, next.at) : next.at;
    for (let k = 1; k <= PIECES; k++) {
      const t = k / PIECES;
      const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
      out.push(a * from[0] + b * at[0] + c * to[0], a * from[1] + b * at[1] + c * to[1]);
    }
    from = to;
    if (!next.control) i++;
  }
  return out;
};

const readGlyph = (text: string): Glyph => {
  const [width, ...strokes] = text.split(" ").filter(Boolean);
  return { width: Number.parseInt(width!, 36), strokes: strokes.map((stroke) => flatten(readStroke(stroke))) };
};

const cache = new Map<string, Glyph>();

/**
 * All characters that have a glyph of their own.
 */
export const alphabet: readonly string[] = Object.keys(GLYPHS);

/** The glyph of one character. Accented letters lose their accent; what is unknown is an empty box. */
export const glyphOf = (character: string): Glyph => {
  const known = cache.get(character);
  if (known !== undefined) return known;
  const base = character.normalize("NFD")[0]!;
  const glyph = readGlyph(GLYPHS[character] ?? GLYPHS[base] ?? MISSING);
  cache.set(character, glyph);
  return glyph;
};

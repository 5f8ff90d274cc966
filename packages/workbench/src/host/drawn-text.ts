/** Whether a font has the letters of a text: where it has not, places draw a box in their stead. */
import type { DrawnText } from "@backlit/core";

/** Draws a line of text, whatever comes out. */
type Draw = (text: string) => Promise<DrawnText | undefined>;

/** No font has these, of four, five and six digits: boxes with digits are as wide as the digits need. */
const NOBODYS = ["\u0378", "\u{1fff0}", "\u{10fff0}"];
/** What is seen only with others, or not at all. */
const UNSEEN = /^[\p{Z}\p{M}\p{C}]$/u;

/** The text drawn, or undefined where one of its letters comes out as a box. `draw`: the place's own way, in one font and size. */
export const drawnOrMissing = async (text: string, draw: Draw): Promise<DrawnText | undefined> => {
  const boxes = (await Promise.all(NOBODYS.map(draw))).flatMap((box) => (box ? [inkOf(box)] : []));
  const letters = [...new Set(text)].filter((letter) => !UNSEEN.test(letter));
  for (const letter of letters) {
    const drawn = await draw(letter);
    if (drawn === undefined) return undefined;
    const ink = inkOf(drawn);
    if (ink.width === 0 || boxes.some((box) => isBox(ink, box))) return undefined;
  }
  return draw(text);
};

interface Ink {
  readonly width: number;
  readonly height: number;
  readonly at: (x: number, y: number) => boolean;
}

const DARK = 128;

/** What is covered, without the empty rows and columns around it. */
const inkOf = ({ width, height, cover }: DrawnText): Ink => {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (cover[y * width + x]! >= DARK) {
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
  const at = (x: number, y: number) => cover[(y + top) * width + x + left]! >= DARK;
  return { width: Math.max(0, right - left + 1), height: Math.max(0, bottom - top + 1), at };
};

/** As large as the box, and with the same outline. */
const isBox = (ink: Ink, box: Ink): boolean => {
  if (Math.abs(ink.width - box.width) > 1 || Math.abs(ink.height - box.height) > 1) return false;
  const edge = (of: Ink) => {
    const covered = [];
    for (let x = 0; x < of.width; x++) covered.push(of.at(x, 0), of.at(x, of.height - 1));
    for (let y = 0; y < of.height; y++) covered.push(of.at(0, y), of.at(of.width - 1, y));
    return covered.filter(Boolean).length / Math.max(1, covered.length);
  };
  // A box without any outline, as some fonts have, is none to see.
  return edge(box) > 0 && Math.abs(edge(ink) - edge(box)) < 0.1 && edge(ink) > 0.6;
};

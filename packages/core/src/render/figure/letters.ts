/** Texts that the fonts of this package do not have, drawn elsewhere: by the picture library of the place. */
import { alphabet } from "../raster/font.ts";
import type { Figure, TextMark } from "./figure.ts";

/** A line of text as how much of each pixel it covers. */
export interface DrawnText {
  readonly width: number;
  readonly height: number;
  /** 0 to 255, row by row. */
  readonly cover: Uint8Array;
  /** Rows above the base line. */
  readonly ascent: number;
}

/** By text and weight. `undefined`: no font has its letters. */
export type Letters = ReadonlyMap<string, DrawnText | undefined>;

export const letterKey = ({ text, bold = false }: Pick<TextMark, "text" | "bold">): string => `${bold ? "b" : "r"}${text}`;

const known = new Set([...alphabet, " "]);

/** The stroke font has every letter of it. */
export const inOwnFont = (text: string): boolean => [...text].every((character) => known.has(character));

/** Marks whose texts must be drawn elsewhere, each text once. `has`: what the format's own fonts can write. */
export const foreignTexts = ({ marks }: Figure, has: (text: string) => boolean): readonly TextMark[] => {
  const found = new Map<string, TextMark>();
  for (const mark of marks) if (mark.kind === "text" && !has(mark.text)) found.set(letterKey(mark), mark);
  return [...found.values()];
};

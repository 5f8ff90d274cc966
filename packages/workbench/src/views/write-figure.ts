/** A figure as a file, in the format its name ends in. */
import {
  type DrawnText,
  encodePng,
  type Figure,
  fail,
  figurePdf,
  figureRaster,
  figureSvg,
  foreignTexts,
  inOwnFont,
  inPdfFonts,
  LETTER_SIZE,
  letterKey,
  photosIn,
} from "@backlit/core";
import type { Pictures } from "../host/host.ts";

import { held, heldPixels } from "./held.ts";

export type FigureFormat = "png" | "svg" | "pdf";

export interface FigureWriting {
  /** Draws texts the package's own fonts have not; without it they are told in other words. */
  readonly pictures?: Pick<Pictures, "text"> | undefined;
  readonly note?: ((text: string) => void) | undefined;
}

export const formatOf = (path: string): FigureFormat | undefined => {
  const [, ending] = /\.(png|svg|pdf)$/i.exec(path) ?? [];
  return ending?.toLowerCase() as FigureFormat | undefined;
};

/** Texts keep their letters or are told in other words, with a note; never other letters. Throws Unsupported where neither can be. */
export const writeFigure = async (figure: Figure, format: FigureFormat, writing: FigureWriting = {}): Promise<Uint8Array> => {
  if (format === "svg") return held(figure, (coarse) => new TextEncoder().encode(figureSvg(figure, coarse)));
  const letters = await lettersOf(figure, format === "pdf" ? inPdfFonts : inOwnFont, writing);
  if (format === "pdf") return held(figure, (coarse) => figurePdf(figure, letters, coarse));
  return heldPixels(figure, (scaled) => {
    const raster = figureRaster(scaled, letters);
    return ({ aim, most, maps }) => encodePng(raster, { photos: photosIn(scaled, maps), aim, most });
  });
};

const lettersOf = async (figure: Figure, has: (text: string) => boolean, { pictures, note }: FigureWriting) => {
  const letters = new Map<string, DrawnText | undefined>();
  for (const mark of foreignTexts(figure, has)) {
    const { text, bold = false, otherwise } = mark;
    const drawn = await pictures?.text?.(text, { size: LETTER_SIZE, bold });
    letters.set(letterKey(mark), drawn);
    if (drawn) continue;
    if (otherwise === undefined || !has(otherwise))
      throw fail("Unsupported", {
        what: `no font here has the letters of '${text}'`,
        fix: "name a file that ends in .svg or .html, which keep texts as text",
      });
    note?.(`no font here has the letters of '${text}': the picture says '${otherwise}' (.svg and .html keep the text)`);
  }
  return letters;
};

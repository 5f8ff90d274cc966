/** Pictures in a terminal: half blocks, two pixels a character, in 24-bit or 256 colours; without colours, shades of characters. */

import type { Raster } from "../../formats/raster.ts";
import type { Rgb } from "../colour/oklab.ts";
import { getPixel, scale } from "../raster/canvas.ts";

export interface TerminalOptions {
  /** Columns. */
  readonly width: number;
  readonly colors: "truecolor" | "256" | "none";
}

const SHADES = " .:-=+*#%@";

/** Lines of text. Smaller rasters are not enlarged. */
export const terminalPicture = (raster: Raster, { width, colors }: TerminalOptions): readonly string[] => {
  const columns = Math.min(width, raster.width);
  const height = Math.max(1, Math.round((raster.height * columns) / raster.width));
  const small = columns === raster.width ? raster : scale(raster, columns, height, "smooth");
  const at = (x: number, y: number): Rgb => getPixel(small, x, Math.min(y, small.height - 1));
  return Array.from({ length: Math.ceil(small.height / 2) }, (_, line) => {
    const cells = Array.from({ length: columns }, (_, x) => cell(at(x, 2 * line), at(x, 2 * line + 1), colors));
    return colors === "none" ? cells.join("").trimEnd() : `${cells.join("")}\x1b[0m`;
  });
};

const cell = (top: Rgb, bottom: Rgb, colors: TerminalOptions["colors"]): string => {
  if (colors === "none") return SHADES[Math.round((1 - (luminance(top) + luminance(bottom)) / 2) * (SHADES.length - 1))]!;
  return `\x1b[38;${colourCode(top, colors)};48;${colourCode(bottom, colors)}m▀`;
};

/** What follows 38; (ink) or 48; (ground) in an escape code. */
export const colourCode = (rgb: Rgb, colors: "truecolor" | "256"): string =>
  colors === "truecolor" ? `2;${rgb.join(";")}` : `5;${cube(rgb)}`;

const luminance = ([r, g, b]: Rgb): number => (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
/** The nearest colour of the 6 × 6 × 6 cube of 256-colour terminals. */
const cube = (rgb: Rgb): number => rgb.reduce((sum, c) => 6 * sum + Math.round((c / 255) * 5), 0) + 16;

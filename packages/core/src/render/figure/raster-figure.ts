/** A figure as pixels. */
import { fewColours } from "../../formats/png/encode.ts";
import type { Raster } from "../../formats/raster.ts";
import type { Rgb } from "../colour/oklab.ts";
import { blendPixel, blit, createRaster, scale as resized } from "../raster/canvas.ts";
import { drawText, textWidth } from "../raster/text.ts";
import type { Figure, LineMark, Mark, RectMark, TextMark } from "./figure.ts";
import { type DrawnText, inOwnFont, type Letters, letterKey } from "./letters.ts";
import { colourOf, groundOf } from "./tones.ts";

/** `letters`: texts the stroke font has not; without one what a mark says `otherwise` is written, else nothing. */
export const figureRaster = (figure: Figure, letters: Letters = new Map()): Raster => {
  const { dark = false, scale = 2 } = figure;
  const raster = createRaster(Math.ceil(figure.width * scale), Math.ceil(figure.height * scale), groundOf(dark));
  for (const mark of figure.marks) drawMark({ raster, scale, dark, letters }, mark);
  return raster;
};

/** Where photographs stand in that raster: images of more colours than a palette has; with `maps` all of them. */
export const photosIn = ({ marks, scale = 2 }: Figure, maps = false) =>
  marks.flatMap((mark) => {
    if (mark.kind !== "image" || (!maps && fewColours(mark.raster))) return [];
    const [left, top, width, height] = [mark.x, mark.y, mark.width, mark.height].map((size) => Math.round(size * scale));
    return [{ left: left!, top: top!, right: left! + width!, bottom: top! + height! }];
  });

interface Sheet {
  readonly raster: Raster;
  readonly scale: number;
  readonly dark: boolean;
  readonly letters: Letters;
}

const drawMark = (sheet: Sheet, mark: Mark): void => {
  if (mark.kind === "text") drawTextMark(sheet, mark);
  else if (mark.kind === "rect") drawRect(sheet, mark);
  else if (mark.kind === "line") drawLine(sheet, mark);
  else {
    const { raster, scale } = sheet;
    const [width, height] = [Math.round(mark.width * scale), Math.round(mark.height * scale)];
    const fits = mark.raster.width === width && mark.raster.height === height;
    blit(
      raster,
      fits ? mark.raster : resized(mark.raster, width, height, "smooth"),
      Math.round(mark.x * scale),
      Math.round(mark.y * scale),
    );
  }
};

/** Its edges cover parts of pixels. */
const drawRect = ({ raster, scale, dark }: Sheet, { x, y, width, height, tone }: RectMark): void => {
  const colour = colourOf(tone, dark);
  const [left, top, right, bottom] = [x * scale, y * scale, (x + width) * scale, (y + height) * scale];
  for (let row = Math.floor(top); row < bottom; row++) {
    const down = Math.min(row + 1, bottom) - Math.max(row, top);
    for (let column = Math.floor(left); column < right; column++)
      blendPixel(raster, column, row, colour, down * (Math.min(column + 1, right) - Math.max(column, left)));
  }
};

const drawLine = ({ raster, scale, dark }: Sheet, { points, tone, width = 1 }: LineMark): void => {
  const colour = colourOf(tone, dark);
  const radius = (width * scale) / 2;
  for (let i = 0; i + 1 < points.length; i++) {
    const [[ax, ay], [bx, by]] = [points[i]!, points[i + 1]!].map(([x, y]) => [x * scale, y * scale] as const) as [
      readonly [number, number],
      readonly [number, number],
    ];
    drawPiece(raster, { ax, ay, bx, by, radius, colour });
  }
};

interface Piece {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  readonly radius: number;
  readonly colour: Rgb;
}

const drawPiece = (raster: Raster, { ax, ay, bx, by, radius, colour }: Piece): void => {
  const reach = radius + 1;
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy || 1;
  for (let row = Math.floor(Math.min(ay, by) - reach); row <= Math.max(ay, by) + reach; row++)
    for (let column = Math.floor(Math.min(ax, bx) - reach); column <= Math.max(ax, bx) + reach; column++) {
      const [px, py] = [column + 0.5 - ax, row + 0.5 - ay];
      const t = Math.min(1, Math.max(0, (px * dx + py * dy) / length));
      const cover = radius + 0.5 - Math.hypot(px - t * dx, py - t * dy);
      if (cover > 0) blendPixel(raster, column, row, colour, Math.min(1, cover));
    }
};

/** Base line of the stroke font, of its line's height. */
const BASE = 0.8;

const drawTextMark = (sheet: Sheet, mark: TextMark): void => {
  const { raster, scale, dark, letters } = sheet;
  const { x, y, size = 14, anchor = "start", bold = false, tone = "ink" } = mark;
  const own = inOwnFont(mark.text);
  const drawn = own ? undefined : letters.get(letterKey(mark));
  const colour = colourOf(tone, dark);
  if (drawn) {
    stamp(raster, drawn, { mark, scale, colour });
    return;
  }
  const text = own ? mark.text : inOwnFont(mark.otherwise ?? "") ? (mark.otherwise ?? "") : "";
  const style = { size: size * scale, bold, color: colour };
  const wide = textWidth(text, style);
  const left = x * scale - shift(anchor, mark.width === undefined ? wide : mark.width * scale);
  const inset = mark.width === undefined ? 0 : (mark.width * scale - wide) / 2;
  drawText(raster, text, Math.round(left + inset), Math.round(y * scale - BASE * size * scale), style);
};

const shift = (anchor: TextMark["anchor"], width: number): number =>
  anchor === "end" ? width : anchor === "middle" ? width / 2 : 0;

/** Drawn letters are made at one size, and stand here at the mark's. */
export const LETTER_SIZE = 48;

const stamp = (
  raster: Raster,
  { width, height, cover, ascent }: DrawnText,
  { mark, scale, colour }: { readonly mark: TextMark; readonly scale: number; readonly colour: Rgb },
): void => {
  const part = ((mark.size ?? 14) * scale) / LETTER_SIZE;
  const across = mark.width === undefined ? part : Math.min(part, (mark.width * scale) / width);
  const [wide, high] = [Math.max(1, Math.round(width * across)), Math.max(1, Math.round(height * part))];
  const grey = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < cover.length; i++) grey.fill(cover[i]!, 4 * i, 4 * i + 3);
  const { data } = resized({ width, height, data: grey }, wide, high, "smooth");
  const left = Math.round(mark.x * scale - shift(mark.anchor, mark.width === undefined ? wide : mark.width * scale));
  const top = Math.round(mark.y * scale - ascent * part);
  for (let i = 0; i < wide * high; i++)
    if (data[4 * i]! > 0) blendPixel(raster, left + (i % wide), top + Math.floor(i / wide), colour, data[4 * i]! / 255);
};

/** Writing on colours: the map's colour as ground, and the ink that reads best on it. */
import { type ColorMap, colorAt } from "./colormap.ts";
import { linearFromRgb, type Rgb } from "./oklab.ts";

const BLACK: Rgb = [20, 22, 26];
const WHITE: Rgb = [255, 255, 255];
/** Between them no ground is too dark for this and too light for white: √21 = 4.58. */
const DEEPEST: Rgb = [0, 0, 0];
/** What WCAG 2 asks of small writing. */
const LEGIBLE = 4.5;

/** Relative luminance (WCAG 2). */
const luminance = (rgb: Rgb): number => {
  const [r, g, b] = linearFromRgb(rgb);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const contrast = (a: Rgb, b: Rgb): number => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

const inkOn = (ground: Rgb): Rgb => {
  const better = contrast(ground, BLACK) >= contrast(ground, WHITE) ? BLACK : WHITE;
  return contrast(ground, better) >= LEGIBLE ? better : DEEPEST;
};

/** Ground and ink for a value; `limit` is where the colours end. */
export const coloured = (map: ColorMap, value: number, limit: number): { readonly ground: Rgb; readonly ink: Rgb } => {
  const ground = colorAt(map, limit === 0 ? 0 : value / limit);
  return { ground, ink: inkOn(ground) };
};

export const hexColour = (rgb: Rgb): string => `#${rgb.map((c) => c.toString(16).padStart(2, "0")).join("")}`;

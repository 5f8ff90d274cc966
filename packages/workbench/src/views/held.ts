/** A figure's file, told ever more coarsely until it keeps to what a slide or a mail takes without asking. */
import { type Coarseness, FINE, type Figure } from "@backlit/core";

/** Bytes of one picture: an input and its map. */
const LIMIT = 300_000;
/** Of pixels: photographs, then all pictures. */
const PIXELS: readonly Coarseness[] = [
  FINE,
  { aim: 265_000, most: 5, maps: true },
  { aim: 250_000, most: 11, maps: true },
  { aim: 235_000, most: 20, maps: true },
];
/** Of formats that hold each picture by itself. */
const APART: readonly Coarseness[] = [
  FINE,
  { aim: 265_000, most: 11 },
  { aim: 250_000, most: 11, shrink: 0.75 },
  { aim: 235_000, most: 11, shrink: 0.5 },
];
/** Pixels for one px: of drawings without pictures, and where nothing else helps. */
const SCALES = [2, 1.5, 1.25, 1] as const;

const imagesIn = ({ marks }: Figure): number => marks.filter(({ kind }) => kind === "image").length;

/** The input stands there once, each map beside itself over the input. */
const limitOf = (figure: Figure): number => LIMIT * Math.max(1, Math.floor((imagesIn(figure) - 1) / 2));

/** The first that fits, else the last. */
export const held = (figure: Figure, write: (coarse: Coarseness) => Uint8Array, ways = APART): Uint8Array => {
  const limit = limitOf(figure);
  const part = limit / LIMIT;
  return firstWithin(limit, imagesIn(figure) > 0 ? ways : [FINE], (coarse) => write({ ...coarse, aim: part * coarse.aim }));
};

/** The same of pixels: `write` is given the figure with the pixels it may have, and makes what tells them more coarsely. */
export const heldPixels = (figure: Figure, write: (figure: Figure) => (coarse: Coarseness) => Uint8Array): Uint8Array => {
  const { scale: most = SCALES[0] } = figure;
  const scales = [most, ...SCALES.filter((scale) => scale < most)];
  return firstWithin(limitOf(figure), scales, (scale) => held(figure, write({ ...figure, scale }), PIXELS));
};

const firstWithin = <T>(limit: number, [way, ...rest]: readonly T[], write: (way: T) => Uint8Array): Uint8Array => {
  const written = write(way as T);
  return rest.length === 0 || written.length <= limit ? written : firstWithin(limit, rest, write);
};

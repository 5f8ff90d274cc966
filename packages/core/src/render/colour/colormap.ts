/**
 * Colour maps for relevance, blue for negative and red for positive, distinguishable by colour-blind eyes
 * (blue against orange-red keeps the axis that red-green blindness leaves intact).
 *
 * A map is a few anchors (t, OKLCh) of our own choice. Between two anchors the colour is the straight line in OKLab:
 *   lab(t) = lab_k + (t − t_k)/(t_{k+1} − t_k) · (lab_{k+1} − lab_k)
 * Both arms of a diverging map have the same lightness at ±t, so neither sign looks stronger than the other.
 * The line is sampled into 256 entries once; a diverging map puts t = i/127 at entry 128 + i, so t = 0 is exactly neutral.
 */
import { linearFromOklab, oklabFromOklch, type Rgb, rgbFromLinear, type Vec3 } from "./oklab.ts";

export interface ColorMap {
  readonly name: string;
  /** true: t runs from -1 to 1 around a neutral centre; false: t runs from 0 to 1. */
  readonly signed: boolean;
  /** 256 RGB triples. */
  readonly table: Uint8Array;
}

type Anchor = readonly [t: number, oklch: Vec3];

/**
 * NaN and infinite pixels: a middle grey with a cast of green that no map contains.
 * @internal Exported for its tests.
 */
export const NOT_A_NUMBER: Rgb = [122, 138, 122];

const interpolate = (anchors: readonly Anchor[], t: number): Rgb => {
  const above = Math.max(
    1,
    anchors.findIndex(([at]) => at >= t),
  );
  const [t0, low] = anchors[above - 1]!;
  const [t1, high] = anchors[above]!;
  const from = oklabFromOklch(low);
  const to = oklabFromOklch(high);
  const f = (t - t0) / (t1 - t0);
  const mix = (i: 0 | 1 | 2) => from[i] + f * (to[i] - from[i]);
  return rgbFromLinear(linearFromOklab([mix(0), mix(1), mix(2)]));
};

const indexOf = (signed: boolean, t: number) =>
  signed ? 128 + Math.round(clamp(t, -1, 1) * 127) : Math.round(clamp(t, 0, 1) * 255);
const clamp = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x));

const colorMap = (name: string, signed: boolean, anchors: readonly Anchor[]): ColorMap => {
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const t = signed ? Math.max(-127, i - 128) / 127 : i / 255;
    table.set(interpolate(anchors, t), 3 * i);
  }
  return { name, signed, table };
};

/** Signed, white centre: for maps on paper. */
export const diverging = colorMap("diverging", true, [
  [-1, [0.38, 0.14, 262]],
  [-0.65, [0.62, 0.15, 252]],
  [-0.3, [0.85, 0.075, 242]],
  [0, [0.985, 0, 0]],
  [0.3, [0.85, 0.075, 52]],
  [0.65, [0.62, 0.175, 38]],
  [1, [0.38, 0.14, 26]],
]);

/** Signed, dark centre: glows over a dimmed picture. */
export const divergingDark = colorMap("diverging-dark", true, [
  [-1, [0.88, 0.06, 225]],
  [-0.65, [0.66, 0.14, 245]],
  [-0.3, [0.4, 0.12, 258]],
  [0, [0.16, 0, 0]],
  [0.3, [0.4, 0.12, 30]],
  [0.65, [0.66, 0.17, 42]],
  [1, [0.88, 0.095, 80]],
]);

/** Positive only, white to dark red: lightness falls throughout. */
export const sequential = colorMap("sequential", false, [
  [0, [0.985, 0, 0]],
  [0.25, [0.89, 0.085, 80]],
  [0.5, [0.74, 0.155, 58]],
  [0.75, [0.54, 0.175, 34]],
  [1, [0.3, 0.105, 25]],
]);

/** Positive only, black to pale yellow: lightness rises throughout. */
export const sequentialDark = colorMap("sequential-dark", false, [
  [0, [0.16, 0, 0]],
  [0.3, [0.38, 0.12, 28]],
  [0.6, [0.62, 0.175, 40]],
  [0.85, [0.84, 0.14, 78]],
  [1, [0.96, 0.07, 100]],
]);

/** The colour of t, clamped to the map's range ([-1, 1] or [0, 1]); NaN gives `NOT_A_NUMBER`. */
export const colorAt = (map: ColorMap, t: number): Rgb => {
  if (Number.isNaN(t)) return NOT_A_NUMBER;
  const at = 3 * indexOf(map.signed, t);
  return [map.table[at]!, map.table[at + 1]!, map.table[at + 2]!];
};

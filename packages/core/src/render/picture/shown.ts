/** The plane that is drawn: what the first layer's stride does to it divided out, blurred, summed over cells. Numbers that are saved stay. */
import { blurredBy } from "../../numeric/blur.ts";
import { isUneven, type Visits } from "../../plan/visits.ts";
import type { Look } from "../look.ts";
import { cells, type Plane, type Range, rangeOf } from "../raster/plane.ts";

/** R / (visits / mean of visits): a map that is even but for the visits becomes even, and keeps its sum. Pixels nobody visits stay as they are. */
export const withoutDots = ({ width, height, values }: Plane, { across, down }: Visits): Plane => {
  const [fx, fy] = [factors(across), factors(down)];
  const out = values.map((value, i) => value * fx[(i % width) % fx.length]! * fy[Math.floor(i / width) % fy.length]!);
  return { width, height, values: out };
};

const factors = (counts: readonly number[]): readonly number[] => {
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.map((count) => (count === 0 ? 1 : mean / count));
};

/** The slices of a volume as a look wants them, the line said once. */
export const shownSlices = (
  slices: readonly Plane[],
  { dots = "divide" }: Look,
  visits?: Visits,
): { readonly slices: readonly Plane[]; readonly lines: readonly string[] } => {
  if (dots !== "divide" || visits?.deep === undefined || !isUneven(visits)) return { slices, lines: [] };
  const deep = factors(visits.deep);
  const even = slices.map((slice, k): Plane => {
    const { width, height, values } = withoutDots(slice, visits);
    return { width, height, values: values.map((value) => value * deep[k % deep.length]!) };
  });
  return { slices: even, lines: [DIVIDED] };
};

const DIVIDED = "first layer's stride divided out";

/** As a look wants it, with a line for each thing that was done. */
export const shownPlane = (
  plane: Plane,
  { smooth = 0, dots = "divide" }: Look,
  visits?: Visits,
): { readonly plane: Plane; readonly lines: readonly string[] } => {
  const divide = dots === "divide" && visits !== undefined && isUneven(visits) && plane.height > 1 && plane.width > 1;
  const even = divide ? withoutDots(plane, visits) : plane;
  const { width, height } = even;
  const values = smooth > 0 ? blurredBy(even.values, [1, height, width], smooth) : even.values;
  return {
    plane: { width, height, values },
    lines: [...(divide ? [DIVIDED] : []), ...(smooth > 0 ? [`smoothed by ${smooth} ${smooth === 1 ? "pixel" : "pixels"}`] : [])],
  };
};

/** Panels stay below this many pixels; larger maps are summed over cells. */
export const LARGEST = 1200;

/** Pixels a side of the cells a map is summed over. */
export const cellOf = ({ width, height }: Plane, cell = 1): number =>
  Math.max(cell, Math.ceil(Math.max(width, height) / LARGEST));

/** The range all maps are drawn in: that of the strongest, signed where one of them is. */
export const sharedRange = (ranges: readonly Range[]): Range => ({
  limit: ranges.reduce((most, { limit }) => Math.max(most, limit), 0),
  signed: ranges.some(({ signed }) => signed),
  invalid: ranges.reduce((sum, { invalid }) => sum + invalid, 0),
});

/** Of a plane as it is shown. */
export const shownRange = (plane: Plane, { clip }: Look, cell?: number): Range =>
  rangeOf(cells(plane, cellOf(plane, cell)), clip);

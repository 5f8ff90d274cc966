/** Places of a plane on a drawing of its own sides. */
import type { Point } from "./point.ts";

/** Each axis from its least to its largest value over the box, in px, `edge` left free; where all are equal, at the edge. */
export const inBox = (
  places: readonly Point[],
  { width, height, edge }: { readonly width: number; readonly height: number; readonly edge: number },
): readonly Point[] => {
  const along = (axis: 0 | 1, length: number) => {
    const all = places.map((place) => place[axis]);
    const least = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const most = all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return all.map((v) => edge + ((v - least) / (most - least || 1)) * (length - 2 * edge));
  };
  const [x, y] = [along(0, width), along(1, height)];
  return places.map((_, i) => [x[i]!, y[i]!]);
};

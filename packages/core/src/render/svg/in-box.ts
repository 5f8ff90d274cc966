/** Places of a plane on a drawing of its own sides. */
import { maxOf, minOf } from "../../numeric/extremes.ts";
import type { Point } from "./point.ts";

/** Each axis from its least to its largest value over the box, in px, `edge` left free; where all are equal, at the edge. */
export const inBox = (
  places: readonly Point[],
  { width, height, edge }: { readonly width: number; readonly height: number; readonly edge: number },
): readonly Point[] => {
  const along = (all: readonly number[], length: number) => {
    const [least, most] = [minOf(all), maxOf(all)];
    return all.map((v) => edge + ((v - least) / (most - least || 1)) * (length - 2 * edge));
  };
  const [x, y] = [
    along(
      places.map(([x]) => x),
      width,
    ),
    along(
      places.map(([, y]) => y),
      height,
    ),
  ];
  return places.map((_, i) => [x[i]!, y[i]!]);
};

/** What a model saw, in grey: planes under one range, from the least value of all, black, to the greatest, white. */
import type { Plane, Raster } from "@backlit/core";
import { joinedOf } from "./joined.ts";

/** One picture a plane. */
export const greys = (planes: readonly Plane[]): readonly Raster[] => {
  const all = joinedOf(planes);
  const [least, most] = all.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)] as const, [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as const);
  return planes.map(({ width, height, values }) => {
    const data = new Uint8Array(4 * values.length);
    values.forEach((v, i) => {
      const grey = most === least ? 128 : Math.round((255 * (v - least)) / (most - least));
      data.set([grey, grey, grey, 255], 4 * i);
    });
    return { width, height, data };
  });
};

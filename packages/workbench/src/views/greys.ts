/** What a model saw, in grey: planes under one range, from the least value of all, black, to the greatest, white. */
import type { Plane, Raster } from "@backlit/core";

/** All values, plane behind plane. */
export const joinedOf = (planes: readonly Plane[]): Float32Array => {
  const size = planes[0]!.values.length;
  const all = new Float32Array(size * planes.length);
  for (const [k, { values }] of planes.entries()) all.set(values, k * size);
  return all;
};

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

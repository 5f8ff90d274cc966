import type { Plane } from "@backlit/core";

/** All values, plane behind plane. */
export const joinedOf = (planes: readonly Plane[]): Float32Array => {
  const size = planes[0]!.values.length;
  const all = new Float32Array(size * planes.length);
  for (const [k, { values }] of planes.entries()) all.set(values, k * size);
  return all;
};

/** A place on a chart. */

export type Point = readonly [number, number];

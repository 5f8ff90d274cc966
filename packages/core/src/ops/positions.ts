/** Values put back to positions along an axis: what GatherElements read, ScatterElements adds up. Linear cost, whatever the size. */
import type { Builder } from "../graph/builder.ts";
import type { Site } from "./role.ts";
import { zerosLike } from "./role.ts";

/** Zeros like x with r added at `positions` (an int64 list) along `axis`; r has x's shape except there. */
export const addAlong = ({ g, facts }: Site, r: string, x: string, axis: number, positions: string): string => {
  const layout = facts.shapeOf(x).map((_, i) => (i === axis ? -1 : 1));
  const index = g.op("Expand", [g.op("Reshape", [positions, g.ints(layout)]), g.op("Shape", [r])]);
  return addAt(g, zerosLike(g, x), index, r, axis);
};

export const addAt = (g: Builder, zeros: string, index: string, r: string, axis: number): string =>
  g.op("ScatterElements", [zeros, index, r], { axis, reduction: "add" });

/** A map as the command draws it, panel by panel, without a canvas. */
import { type ColorMap, drawnMaps, type Plane, type Range, type Raster, shownPlane } from "@backlit/core/render";
import type { ViewData } from "@backlit/workbench";
import { drawingOf, type Look } from "./look.ts";

/** What is drawn: a map, and what lies under it. */
export type Drawn = Omit<Extract<ViewData, { kind: "picture" }>, "kind">;

/** `limit`: where colours end, of maps that share one scale, which has both signs. */
export type Ended = Look & { readonly limit?: number | undefined };

export interface Panels {
  readonly panels: readonly { readonly name: string; readonly raster: Raster }[];
  /** As it was drawn. */
  readonly plane: Plane;
  readonly range: Range;
  readonly colors: ColorMap;
}

export const panelsIn = ({ plane, seen, visits }: Drawn, look: Ended): Panels => {
  const drawing = drawingOf(look);
  const { drawn, colors, range } = drawnMaps([{ plane }], {
    picture: seen,
    visits,
    look: drawing,
    ...(look.limit !== undefined && { range: { limit: look.limit, signed: true, invalid: 0 } }),
  });
  const { panels } = drawn[0]!;
  const wanted = look.mode === "input" ? panels.filter(({ name }) => name === "input") : panels;
  return { panels: wanted.length > 0 ? wanted : panels, plane: shownPlane(plane, drawing, visits).plane, range, colors };
};

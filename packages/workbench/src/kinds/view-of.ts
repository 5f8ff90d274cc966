import type { FloatTensor } from "@backlit/core";
import { type ExplainedMap, type ExplainedRow, mapValues } from "../rows/explained.ts";
import type { View, ViewContext } from "../views/view.ts";
import { kinds } from "./index.ts";
import { partsOf, partsView } from "./parts.ts";
import { pictureView } from "./picture/view.ts";

/** The view of one map, by the kind of its input; what is no other kind is a picture. */
export const viewOf = (row: ExplainedRow, map: ExplainedMap, context: ViewContext): View => {
  const own = quiet(map);
  const draw = (names: readonly string[]): View => {
    const part = { ...context, explained: names };
    for (const { view } of kinds()) {
      const drawn = view?.(row, own, part);
      if (drawn !== undefined) return drawn;
    }
    return pictureView(row, own, part);
  };
  const whole = draw(context.explained);
  const parts = whole.one ? partsOf(context.explained, own) : [];
  return noted(parts.length > 1 ? partsView(parts, own, draw) : whole, map);
};

/** A figure says what must be said of its map; pictures do so below their titles. */
const noted = (view: View, { note }: ExplainedMap): View => {
  const { figure } = view;
  if (note === undefined || figure === undefined || view.picture !== undefined) return view;
  const withWords: typeof figure = async (heading) => {
    const [drawn, { withNote }] = [await figure(heading), await import("../views/drawings.ts")];
    return withNote(drawn, note.text);
  };
  return { ...view, figure: withWords };
};

/** Where there is nothing to explain no colours are stretched to rounding: the map is drawn as zeros, and words say why. */
const quiet = (map: ExplainedMap): ExplainedMap => {
  if (map.note === undefined || map.note.kind === "balance") return map;
  const zeros = (of: ExplainedMap["relevances"]) =>
    mapValues(of, (one): FloatTensor => ({ ...one, data: new Float32Array(one.data.length) }));
  return { ...map, relevances: zeros(map.relevances) };
};

/** Each kind of input draws itself in every place it can. */
import type { FloatTensor } from "@backlit/core";
import { type ExplainedMap, type ExplainedRow, mapValues } from "../rows/explained.ts";
import type { View, ViewContext } from "../views/view.ts";
import { bytesView } from "./bytes/view.ts";
import { nodesView } from "./graph/view.ts";
import { pictureView } from "./picture/view.ts";
import { seriesView } from "./series/view.ts";
import { soundView } from "./sound/view.ts";
import { tableView } from "./table/view.ts";
import { textView } from "./text/view.ts";
import { volumeView } from "./volume/view.ts";

/** The view of one map, by the kind of its input; what is no other kind is a picture. */
export const viewOf = (row: ExplainedRow, map: ExplainedMap, context: ViewContext): View => viewAs(row, quiet(map), context);

export type Drawer = (row: ExplainedRow, map: ExplainedMap, context: ViewContext) => View | undefined;

const drawers = new Map<string, Drawer>();

/** How a kind of input that was defined from outside is drawn. */
export const addDrawer = (kind: string, draw: Drawer): void => void drawers.set(kind, draw);

const viewAs = (row: ExplainedRow, map: ExplainedMap, context: ViewContext): View =>
  drawers.get(row.sample.kind ?? "")?.(row, map, context) ??
  textView(row, map, context) ??
  bytesView(row, map, context) ??
  tableView(row, map, context) ??
  seriesView(row, map, context) ??
  nodesView(row, map, context) ??
  soundView(row, map, context) ??
  volumeView(row, map, context) ??
  pictureView(row, map, context);

/** Where there is nothing to explain no colours are stretched to rounding: the map is drawn as zeros, and words say why. */
const quiet = (map: ExplainedMap): ExplainedMap => {
  if (map.note === undefined || map.note.kind === "balance") return map;
  const zeros = (of: ExplainedMap["relevances"]) =>
    mapValues(of, (one): FloatTensor => ({ ...one, data: new Float32Array(one.data.length) }));
  return { ...map, relevances: zeros(map.relevances) };
};

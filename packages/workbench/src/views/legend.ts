/** What colours mean, in words: once below a figure, and once below all that share a scale. */
import {
  below,
  type ColorMap,
  coloursOf,
  type Figure,
  html,
  htmlLegend,
  joinHtml,
  legend,
  moved,
  type Sides,
} from "@backlit/core";
import type { Scale } from "./view.ts";

export interface Meaning {
  /** Where the colours end. */
  readonly limit: number;
  readonly notes: readonly string[];
  readonly sides?: Sides | undefined;
  /** Default: those of charts, which follow the viewer's appearance. */
  readonly colors?: ColorMap;
  /** What stands at the ends of a page's colours, where that is not the limit. */
  readonly ends?: readonly [string, string, string];
}

/** HTML; of a map on a shared scale its notes alone. */
export const legendHtml = ({ limit, notes, sides, colors, ends }: Meaning, shared?: Scale): string => {
  if (shared) return String(joinHtml(notes.map((note) => html`<p>${note}</p>`)));
  return htmlLegend(limit, notes, { sides, ...(colors && { colors }), ...(ends && { ends }) });
};

const [WIDTH, MARGIN, SIZE, GAP] = [320, 16, 12, 16];

/** The figure with its legend; on a shared scale as it is. */
export const withLegend = (figure: Figure, { limit, notes, sides, colors }: Meaning, shared?: Scale): Figure => {
  if (shared) return figure;
  const map = colors ?? coloursOf({}, { signed: true });
  const room = figure.width - 2 * MARGIN;
  const width = Math.min(WIDTH, room);
  const range = { limit, signed: map.signed, invalid: 0 };
  const bar = legend([], range, { width, colors: map, sides, size: SIZE, lines: notes, room });
  const inset = { ...bar, width: bar.width + MARGIN, height: bar.height + MARGIN, marks: moved(bar.marks, MARGIN, 0) };
  return { ...below([figure, inset], GAP), label: figure.label };
};

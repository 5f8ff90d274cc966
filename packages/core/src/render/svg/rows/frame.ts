/** Where names and plots of charts over rows stand: beside each other, or, in narrow places, each name on a line of its own above its row. */
import { fitted, roomFor } from "../../figure/text-size.ts";
import type { Html } from "../../html/html.ts";
import { svgText } from "../svg.ts";
import { besideNames, shortened } from "./table.ts";

export interface RowsChartOptions {
  /** Columns at most. */
  readonly count?: number;
  /** px, of narrow places: names stand above their rows. Default: as wide as names and plot are. */
  readonly width?: number | undefined;
}

export interface Frame {
  /** px, of the whole drawing. */
  readonly width: number;
  /** Ends of the plot. */
  readonly left: number;
  readonly right: number;
  /** px that a name takes above its row. */
  readonly above: number;
  /** `y`: the base line of a name that stands beside its row; `top`: where name and row begin. */
  name(text: string, place: { readonly y: number; readonly top: number }): Html;
}

export interface Room {
  /** Characters of a name, px of the plot and of what stands at its right. */
  readonly most: number;
  readonly plot: number;
  readonly after?: number;
}

export const frameOf = (names: readonly string[], { most, plot, after = 20 }: Room, narrow?: number): Frame => {
  if (narrow !== undefined)
    return {
      ...{ width: narrow, left: EDGE, right: narrow - EDGE, above: LINE },
      name: (text, { top }) => svgText(fitted(text, narrow - 2 * EDGE), { x: EDGE, y: top + LINE - 4, name: "bl-ink bl-over" }),
    };
  const left = besideNames(names, most);
  return {
    ...{ width: Math.ceil(left + plot + after), left, right: left + plot, above: 0 },
    name: (text, { y }) => svgText(shortened(text, most), { x: left - 10, y, anchor: "end" }),
  };
};

/** Lines above a drawing, the first bold, broken between words where they are longer than it is wide. */
export const heading = (
  lines: readonly string[],
  width: number,
): { readonly marks: readonly Html[]; readonly height: number } => {
  const marks: Html[] = [];
  for (const [k, line] of lines.entries())
    for (const text of broken(line, width - 2 * HEAD, k === 0))
      marks.push(svgText(text, { x: HEAD, y: 20 * (marks.length + 1), bold: k === 0, muted: k > 0 }));
  return { marks, height: 16 + 20 * marks.length };
};

const [EDGE, LINE, HEAD] = [14, 20, 8];

const broken = (text: string, room: number, bold: boolean): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && roomFor(longer, { bold }) <= room) lines[lines.length - 1] = longer;
    else lines.push(fitted(word, room, { bold }));
  }
  return lines;
};

/** A hex dump on coloured grounds. */
import { diverging } from "../colour/colormap.ts";
import { coloured } from "../colour/ink.ts";
import { asciiOf, gapText, type HexRow, hexAt, hexByte, hexLimit, PER_ROW } from "../hex.ts";
import { legend, type Sides } from "../picture/legend.ts";
import { type Figure, type Mark, moved } from "./figure.ts";
import { fitted } from "./text-size.ts";

export interface HexFigureOptions {
  readonly title?: string;
  readonly otherwise?: string;
  readonly limit?: number;
  readonly sides?: Sides;
  readonly lines?: readonly string[];
  /** Default true; false where one stands below several figures. */
  readonly legend?: boolean;
}

const [ROW, CELL, ASCII, LEFT, MARGIN] = [20, 25, 11, 90, 16];
const WIDTH = LEFT + PER_ROW * (CELL + ASCII) + 20 + 2 * MARGIN;

/** One row for each of the dump's. */
export const hexFigure = (
  rows: readonly HexRow[],
  { title, otherwise, sides, lines = [], legend: told = true, ...given }: HexFigureOptions = {},
): Figure => {
  const limit = given.limit ?? hexLimit(rows);
  const top = title === undefined ? 0 : 30;
  const mono = { kind: "text", size: 13, mono: true } as const;
  const marks: Mark[] =
    title === undefined
      ? []
      : [
          {
            kind: "text",
            text: fitted(title, WIDTH - 2 * MARGIN, { bold: true }),
            ...(otherwise !== undefined && { otherwise }),
            x: 0,
            y: 14,
            bold: true,
          },
        ];
  rows.forEach((row, r) => {
    const y = top + r * ROW;
    if (row.kind === "gap") {
      marks.push({ ...mono, text: gapText(row.rows), x: 0, y: y + 14, tone: "muted" });
      return;
    }
    marks.push({ ...mono, text: hexAt(row.at), x: 0, y: y + 14, tone: "muted", width: 72 });
    row.cells.forEach(({ byte, value }, i) => {
      const { ground, ink } = coloured(diverging, Number.isNaN(value) ? 0 : value, limit);
      const [x, at] = [LEFT + i * CELL, LEFT + PER_ROW * CELL + 20 + i * ASCII];
      marks.push(
        { kind: "rect", x, y, width: CELL, height: ROW, tone: ground },
        { kind: "rect", x: at, y, width: ASCII, height: ROW, tone: ground },
      );
      marks.push({ ...mono, text: hexByte(byte), x: x + CELL / 2, y: y + 14, anchor: "middle", tone: ink });
      if (asciiOf(byte) !== " ")
        marks.push({ ...mono, text: asciiOf(byte), x: at + ASCII / 2, y: y + 14, anchor: "middle", tone: ink });
    });
  });
  let bottom = top + rows.length * ROW;
  if (told) {
    const bar = legend([], { limit, signed: true, invalid: 0 }, { width: 320, colors: diverging, sides, size: 12, lines });
    for (const mark of moved(bar.marks, LEFT, bottom + 12)) marks.push(mark);
    bottom += 12 + bar.height;
  }
  const label = `relevance of bytes${title === undefined ? "" : `: ${title}`}`;
  return { width: WIDTH, height: bottom + 2 * MARGIN, label, marks: moved(marks, MARGIN, MARGIN) };
};

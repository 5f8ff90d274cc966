/** A row of dots a column, one for every explained row: where R lies, coloured by what the row has there (blue least, red largest; grey: a text, or nothing). */
import { type Html, html } from "../../html/html.ts";
import { signedNumber } from "../../signed.ts";
import { axisMarks, axisOf, placeOn, zeroMark } from "../dot-whisker.ts";
import { round, svgDrawing, svgText } from "../svg.ts";
import { byMean, dotted, longest, placeClass, placesIn, type RowsTable, shortened } from "./table.ts";

const [ROW, PLOT, DOT, NAMES] = [34, 420, 3, 26];

export const beeswarm = (table: RowsTable, { count = 15 }: { readonly count?: number } = {}): string => {
  const { columns, given, relevance, rows } = table;
  const shown = byMean(table).slice(0, count);
  const left = longest(columns, NAMES) * 8.4 + 16;
  const axis = axisOf(
    shown.flatMap(({ column }) => relevance.map((row) => row[column]!)),
    left,
    left + PLOT,
  );
  const { every, said } = dotted(rows.length);
  const top = 36;
  const bottom = top + shown.length * ROW;
  const dots = shown.flatMap(({ column }, i): Html[] => {
    const places = placesIn(table, column);
    const middle = top + i * ROW + ROW / 2;
    const taken = new Map<number, number>(); // how many stand at a place already
    const marks = relevance.flatMap((row, n) => {
      if (n % every !== 0) return [];
      const x = placeOn(axis, row[column]!);
      const bin = Math.round(x / DOT);
      const before = taken.get(bin) ?? 0;
      taken.set(bin, before + 1);
      const away = Math.ceil(before / 2) * (before % 2 === 0 ? 1 : -1) * DOT;
      const y = middle + Math.max(-ROW / 2 + DOT, Math.min(ROW / 2 - DOT, away));
      const what = given[n]![column];
      const title = `${rows[n]}: ${columns[column]}${what === undefined ? "" : ` = ${what}`}, ${signedNumber(row[column]!)}`;
      return [
        html`<circle class="${placeClass(places[n])}" stroke-width="0" cx="${round(x)}" cy="${round(y)}" r="${DOT}"><title>${title}</title></circle>`,
      ];
    });
    return [svgText(shortened(columns[column]!, NAMES), { x: left - 10, y: middle + 5, anchor: "end" }), ...marks];
  });
  return String(
    svgDrawing({
      width: Math.ceil(left + PLOT + 20),
      height: bottom + 34,
      label: `relevance of ${shown.length} columns over ${rows.length} rows, a dot each${said}`,
      marks: [
        svgText(`R, coloured by the column's value: blue least, red largest${said}`, { x: 8, y: 20, bold: true }),
        zeroMark(axis, top, bottom),
        ...dots,
        ...axisMarks(axis, bottom),
      ],
    }),
  );
};

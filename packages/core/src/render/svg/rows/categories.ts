/** R of a column of texts: a row of dots a category, the one with the least mean R first, coloured by the column with which R goes together most. */
import { signedNumber } from "../../signed.ts";
import { axisMarks, axisOf, zeroMark } from "../dot-whisker.ts";
import { svgDrawing } from "../svg.ts";
import { frameOf, heading, type RowsChartOptions } from "./frame.ts";
import { interacting } from "./interacting.ts";
import { swarm } from "./swarm.ts";
import { dotted, placesIn, type RowsTable } from "./table.ts";

const [ROW, PLOT, NAMES] = [30, 360, 22];

interface Category {
  readonly name: string;
  readonly members: readonly number[];
  readonly mean: number;
}

/** `count`: categories shown, those of most rows; the others are one. Undefined for a column of fewer than two texts. */
export const categories = (table: RowsTable, column: number, options: RowsChartOptions = {}): string | undefined => {
  const { count = 15, width: narrow } = options;
  const { columns, given, relevance, rows } = table;
  const all = categoriesOf(table, column);
  if (all.length < 2) return undefined;
  const frequent = [...all].sort((a, b) => b.members.length - a.members.length);
  const most = all.length > count ? count - 1 : count;
  const rest = frequent.slice(most);
  const shown = frequent.slice(0, most).sort((a, b) => a.mean - b.mean);
  const members = rest.flatMap((one) => one.members);
  if (rest.length > 0) shown.push({ name: `${rest.length} others`, members, mean: 0 });
  const names = shown.map((one) => one.name);
  const { width, left, right, above, name } = frameOf(names, { most: NAMES, plot: PLOT }, narrow);
  const drawn = shown.flatMap((one) => one.members);
  const axis = axisOf(
    drawn.map((n) => relevance[n]![column]!),
    left,
    right,
  );
  const other = interacting(table, column);
  const places = other === undefined ? [] : placesIn(table, other);
  const coloured = other === undefined ? [] : [`coloured by ${columns[other]}: blue least, red largest`];
  const { every, said: some } = dotted(drawn.length);
  const said = `R of ${columns[column]} in each category${some}`;
  const { marks, height: top } = heading([said, ...coloured], width);
  const bottom = top + shown.length * (above + ROW);
  const dots = shown.flatMap((one, i) => {
    const begin = top + i * (above + ROW);
    const middle = begin + above + ROW / 2;
    const own = one.members.flatMap((n) => {
      if (n % every !== 0) return [];
      const value = relevance[n]![column]!;
      const beside = other === undefined ? "" : `, ${columns[other]} = ${given[n]![other]}`;
      return [{ value, place: places[n], title: `${rows[n]}: ${given[n]![column]}${beside}, ${signedNumber(value)}` }];
    });
    return [name(one.name, { y: middle + 5, top: begin }), ...swarm(own, axis, middle, ROW)];
  });
  return String(
    svgDrawing({
      width,
      height: bottom + 34,
      label: [said, ...coloured].join(", "),
      marks: [...marks, zeroMark(axis, top, bottom), ...dots, ...axisMarks(axis, bottom)],
    }),
  );
};

const categoriesOf = ({ given, relevance }: RowsTable, column: number): readonly Category[] => {
  const found = new Map<string, number[]>();
  for (const [n, row] of given.entries()) {
    const what = row[column];
    if (what !== undefined) found.set(String(what), [...(found.get(String(what)) ?? []), n]);
  }
  return [...found].map(([name, members]) => ({
    ...{ name, members },
    mean: members.reduce((sum, n) => sum + relevance[n]![column]!, 0) / members.length,
  }));
};

/** R of a column of texts: a row of dots a category, the one with the least mean R first, coloured by the column with which R goes together most. */
import { signedNumber } from "../../signed.ts";
import { frameOf, type RowsChartOptions } from "./frame.ts";
import { interacting } from "./interacting.ts";
import { swarmRows } from "./swarm-rows.ts";
import { dotted, placesIn, type RowsTable } from "./table.ts";

const [ROW, PLOT, NAMES] = [30, 360, 22];

interface Category {
  readonly name: string;
  readonly members: readonly number[];
  readonly mean: number;
}

/** `count`: categories shown, those of most rows; the others are one. Undefined for a column of fewer than two texts. */
export const categories = (table: RowsTable, column: number, options: RowsChartOptions = {}): string | undefined => {
  const { count = 15, width } = options;
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
  const drawn = shown.flatMap((one) => one.members);
  const other = interacting(table, column);
  const places = other === undefined ? [] : placesIn(table, other);
  const coloured = other === undefined ? [] : [`coloured by ${columns[other]}: blue least, red largest`];
  const { every, said: some } = dotted(drawn.length);
  const said = `R of ${columns[column]} in each category${some}`;
  return swarmRows({
    rows: shown.map((one) => {
      const dots = one.members.flatMap((n) => {
        if (n % every !== 0) return [];
        const value = relevance[n]![column]!;
        const beside = other === undefined ? "" : `, ${columns[other]} = ${given[n]![other]}`;
        return [{ value, place: places[n], title: `${rows[n]}: ${given[n]![column]}${beside}, ${signedNumber(value)}` }];
      });
      return { name: one.name, dots };
    }),
    height: ROW,
    frame: frameOf(names, { most: NAMES, plot: PLOT }, width),
    values: drawn.map((n) => relevance[n]![column]!),
    lines: [said, ...coloured],
    label: [said, ...coloured].join(", "),
  });
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

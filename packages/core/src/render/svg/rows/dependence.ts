/** R of a column against its value, a dot a row, coloured by the column with which it goes together most. */
import { type Html, html } from "../../html/html.ts";
import { axisMarks, axisOf, placeOn } from "../dot-whisker.ts";
import { axisNumber, round, svgDrawing, svgLine, svgText, ticks } from "../svg.ts";
import { dotted, placeClass, placesIn, type RowsTable } from "./table.ts";

const [WIDTH, HEIGHT, LEFT, TOP] = [420, 240, 84, 56];

/** Undefined for a column of texts, or of one value alone. */
export const dependence = (table: RowsTable, column: number): string | undefined => {
  const { columns, given, relevance, rows } = table;
  const points = given.flatMap((row, n) => {
    const x = row[column];
    return typeof x === "number" && Number.isFinite(x) ? [{ n, x, y: relevance[n]![column]! }] : [];
  });
  if (new Set(points.map(({ x }) => x)).size < 2) return undefined;
  const other = interacting(table, column);
  const places = other === undefined ? [] : placesIn(table, other);
  const across = axisOf(
    points.map(({ x }) => x),
    LEFT,
    LEFT + WIDTH,
    false,
  );
  const up = axisOf(
    points.map(({ y }) => y),
    TOP + HEIGHT,
    TOP,
  );
  const { every, said } = dotted(points.length);
  const dots = points.flatMap(({ n, x, y }, k): readonly Html[] => {
    if (k % every !== 0) return [];
    const title = `${rows[n]}: ${x}${other === undefined ? "" : `, ${columns[other]} = ${given[n]![other]}`}`;
    return [
      html`<circle class="${placeClass(places[n])}" stroke-width="0" cx="${round(placeOn(across, x))}" cy="${round(placeOn(up, y))}" r="3.5"><title>${title}</title></circle>`,
    ];
  });
  const lines = ticks(up.low, up.high).flatMap((tick) => {
    const y = placeOn(up, tick);
    return [svgLine(LEFT, y, LEFT + WIDTH, y), svgText(axisNumber(tick), { x: LEFT - 8, y: y + 5, anchor: "end", muted: true })];
  });
  const coloured = other === undefined ? "" : `coloured by ${columns[other]}: blue least, red largest`;
  return String(
    svgDrawing({
      width: LEFT + WIDTH + 24,
      height: TOP + HEIGHT + 34,
      label: `R of ${columns[column]} against its value${coloured && `, ${coloured}`}`,
      marks: [
        svgText(`R of ${columns[column]} against its value${said}`, { x: 8, y: 20, bold: true }),
        svgText(coloured, { x: 8, y: 40, muted: true }),
        ...lines,
        ...dots,
        ...axisMarks(across, TOP + HEIGHT),
      ],
    }),
  );
};

const BINS = 6;

/**
 * The column whose values go with what is left of R among rows that are alike in `column`: the sum of |correlations| within bins of
 * equally many rows. Undefined where no other column has numbers.
 *
 * @internal Exported for its tests.
 */
export const interacting = (table: RowsTable, column: number): number | undefined => {
  const { columns, given, relevance } = table;
  const sorted = given.flatMap((row, n) => (typeof row[column] === "number" ? [n] : []));
  sorted.sort((a, b) => (given[a]![column] as number) - (given[b]![column] as number));
  const size = Math.max(4, Math.ceil(sorted.length / BINS));
  const bins = Array.from({ length: Math.ceil(sorted.length / size) }, (_, k) => sorted.slice(k * size, (k + 1) * size));
  let [best, most] = [undefined as number | undefined, -1];
  for (const other of columns.keys()) {
    const places = placesIn(table, other);
    if (other === column || places.every((place) => place === undefined)) continue;
    const total = bins.reduce(
      (sum, bin) => sum + Math.abs(correlation(bin.map((n) => [relevance[n]![column]!, places[n] ?? 0] as const))),
      0,
    );
    if (total > most + 1e-9) [best, most] = [other, total];
  }
  return best;
};

const correlation = (pairs: readonly (readonly [number, number])[]): number => {
  const mean = (k: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[k], 0) / pairs.length;
  const [a, b] = [mean(0), mean(1)];
  const sum = (f: (x: number, y: number) => number) => pairs.reduce((all, [x, y]) => all + f(x - a, y - b), 0);
  const scale = Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
  return scale === 0 ? 0 : sum((x, y) => x * y) / scale;
};

/** The charts of many explained rows: one name and one drawing each. */
import {
  beeswarm,
  byMean,
  decisionPath,
  dependence,
  html,
  joinHtml,
  meanBars,
  type RowsChartOptions,
  type RowsTable,
  rawHtml,
  rowsHeatmap,
  waterfall,
} from "@backlit/core";
import { NARROW, scrolling, smallAtWidths } from "./widths.ts";

export interface RowsChart {
  /** Part of a file's name. */
  readonly name: string;
  readonly svg: string;
  /** The same for a page on a phone. */
  readonly narrow?: string;
}

/** Columns whose dependence is drawn. */
const DEPENDENCES = 4;

/** `count`: columns shown at most. */
export const rowsCharts = (table: RowsTable, count?: number): readonly RowsChart[] => {
  const most = byMean(table).slice(0, DEPENDENCES);
  return [
    ...drawn("mean", (options) => meanBars(table, options), count),
    ...drawn("beeswarm", (options) => beeswarm(table, options), count),
    ...drawn("rows", (options) => rowsHeatmap(table, options), count),
    ...drawn("paths", (options) => decisionPath(table, options), count),
    ...most.flatMap(({ column }, k) => drawn(`dependence-${k + 1}`, (options) => dependence(table, column, options), count)),
  ];
};

/** Of one row: the steps from the reference to its score, as bars and as a line. */
export const rowCharts = (table: RowsTable, row: number, count?: number): readonly RowsChart[] => [
  ...drawn("waterfall", (options) => waterfall(table, row, options), count),
  ...drawn("path", (options) => decisionPath(table, { row, ...options }), count),
];

/** At both widths; none where there is nothing to draw. */
const drawn = (name: string, draw: (options: RowsChartOptions) => string | undefined, count?: number): readonly RowsChart[] => {
  const options = count === undefined ? {} : { count };
  const [svg, narrow] = [draw(options), draw({ ...options, width: NARROW })];
  return svg === undefined || narrow === undefined ? [] : [{ name, svg, narrow }];
};

/** HTML. `of`: what they are of, for those who hear their names, where a page has several such. */
export const figures = (charts: readonly RowsChart[], of?: string): string =>
  String(
    html`<div class="beside">${joinHtml(
      charts.map(({ name, svg, narrow }) => {
        const label = of === undefined ? name : `${name}: ${of}`;
        const body = narrow === undefined ? scrolling(svg, label) : smallAtWidths(svg, narrow);
        return html`<figure style="flex-basis:44rem">${rawHtml(body)}</figure>`;
      }),
      "\n",
    )}</div>`,
  );

/** HTML, closed until it is asked for. */
export const stepByStep = (charts: readonly RowsChart[], of: string): string =>
  String(html`<details><summary>Step by step: waterfall and decision path</summary>${rawHtml(figures(charts, of))}</details>`);

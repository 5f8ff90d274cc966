/** The charts of many explained rows: one name and one drawing each. */
import {
  beeswarm,
  byMean,
  decisionPath,
  dependence,
  html,
  joinHtml,
  meanBars,
  type RowsTable,
  rawHtml,
  rowsHeatmap,
  waterfall,
} from "@backlit/core";
import { scrolling } from "./widths.ts";

export interface RowsChart {
  /** Part of a file's name. */
  readonly name: string;
  readonly svg: string;
}

/** Columns whose dependence is drawn. */
const DEPENDENCES = 4;

/** `count`: columns shown at most. */
export const rowsCharts = (table: RowsTable, count?: number): readonly RowsChart[] => {
  const options = count === undefined ? {} : { count };
  const most = byMean(table).slice(0, DEPENDENCES);
  return [
    { name: "mean", svg: meanBars(table, options) },
    { name: "beeswarm", svg: beeswarm(table, options) },
    { name: "rows", svg: rowsHeatmap(table, options) },
    { name: "paths", svg: decisionPath(table, options) },
    ...most.flatMap(({ column }, k) => {
      const svg = dependence(table, column);
      return svg === undefined ? [] : [{ name: `dependence-${k + 1}`, svg }];
    }),
  ];
};

/** Of one row: the steps from the reference to its score, as bars and as a line. */
export const rowCharts = (table: RowsTable, row: number, count?: number): readonly RowsChart[] => {
  const options = count === undefined ? {} : { count };
  return [
    { name: "waterfall", svg: waterfall(table, row, options) },
    { name: "path", svg: decisionPath(table, { row, ...options }) },
  ];
};

/** HTML. `of`: what they are of, for those who hear their names, where a page has several such. */
export const figures = (charts: readonly RowsChart[], of?: string): string =>
  String(
    html`<div class="beside">${joinHtml(
      charts.map(
        ({ name, svg }) =>
          html`<figure style="flex-basis:30rem">${rawHtml(scrolling(svg, of === undefined ? name : `${name}: ${of}`))}</figure>`,
      ),
      "\n",
    )}</div>`,
  );

/** HTML, closed until it is asked for. */
export const stepByStep = (charts: readonly RowsChart[], of: string): string =>
  String(html`<details><summary>Step by step: waterfall and decision path</summary>${rawHtml(figures(charts, of))}</details>`);

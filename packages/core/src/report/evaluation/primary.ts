/** The primary score of one setting as a table: means with their intervals drawn over the noise floor, ranks, differences to the best. */
import type { Comparison, MethodSummary, Summary } from "../../evaluate/statistics/summary.ts";
import { type Html, html, joinHtml } from "../../render/html/html.ts";
import { axisMarks, axisOf, floorMarks, whiskerMarks, zeroMark } from "../../render/svg/dot-whisker.ts";
import { svgDrawing } from "../../render/svg/svg.ts";
import { below, better, captioned, head, scrolling } from "./html.ts";
import {
  decimalsOf,
  fixed,
  inOrder,
  probability,
  ranked,
  type SettingView,
  share,
  shownName,
  signedFixed,
  type TableView,
} from "./view.ts";

const [PLOT, ROW] = [236, 40];
/** Rows with names of several lines are taller; their cell cuts off what is too much. */
const OVER = 60;

/** Name, mean, interval, floor, rank, difference to the best. */
export const primaryTable = (summary: Summary, setting: SettingView): Html => {
  const view = setting.tables[0] as TableView;
  const { table, summary: own } = view;
  const methods = inOrder(summary, view);
  const ordered = ranked(summary, view);
  const { floor } = own;
  const bounds = [...methods.flatMap(({ mean, low, high }) => [mean, low, high]), ...(floor ? [floor.low, floor.high] : [])];
  const axis = axisOf(bounds, 12, PLOT - 12);
  const decimals = decimalsOf(methods.map(({ mean }) => mean));
  const number = (value: number) => fixed(value, decimals);
  const best = methods.find(({ n }) => n > 0);
  const drawing = (method: MethodSummary): Html => {
    const label = `${number(method.mean)}, interval ${number(method.low)} to ${number(method.high)}${method.atFloor ? ", inside the noise floor" : ""}`;
    const marks = [
      ...(floor ? floorMarks(axis, floor, -OVER, ROW + OVER) : []),
      zeroMark(axis, -OVER, ROW + OVER),
      ...whiskerMarks(axis, method, ROW / 2, method.random),
    ];
    return svgDrawing({ width: PLOT, height: ROW, label, marks, style: "" });
  };
  const row = (method: MethodSummary): Html => {
    const { rank, rankLow, rankHigh, n, mean, low, high, halfWidth, random, atFloor } = method;
    const pair = own.pairs.find(
      ({ a, b }) => (a === best?.method && b === method.method) || (b === best?.method && a === method.method),
    );
    const rankCell = html`<td>${whole(rank)}${rankLow !== undefined && below(`${whole(rankLow)} to ${whole(rankHigh)}`)}</td>`;
    return html`<tr${random && html` class="random"`}>
<th scope="row">${shownName(method)}${atFloor && !random && below("at the noise floor")}</th>
<td class="plot">${drawing(method)}</td>
<td><strong>${number(mean)}</strong> ± ${number(halfWidth)}${below(`${number(low)} to ${number(high)}`)}</td><td>${n}</td>
${ordered && [rankCell, differenceCells(pair, method === best, method.method, decimals)]}</tr>`;
  };
  const interval = `${fixed(100 * summary.confidence, 0)} % interval`;
  const key = floor
    ? `Grey band: the noise floor, where the mean of one set of random maps lies, ${number(floor.low)} to ${number(floor.high)}.`
    : undefined;
  const columns = [
    "method",
    `mean and ${interval}`,
    html`mean ± half width${below(interval)}`,
    "n",
    ...(ordered
      ? [
          html`rank${below("its interval")}`,
          html`less the best${below("interval")}`,
          html`Holm <i>p</i>`,
          html`effect <i>d</i>`,
          "better on",
        ]
      : []),
  ];
  const line = svgDrawing({ width: PLOT, height: 26, label: `axis of ${table.score}`, marks: axisMarks(axis, 2), style: "" });
  return html`${scrolling(
    `Table of scores: ${setting.name}`,
    html`<table class="scores">${captioned(`${setting.name}${table.score === setting.metric ? "" : `: ${table.score}`}; ${better(table.direction)}`)}
${head(columns)}
<tbody>${joinHtml(methods.map(row), "\n")}</tbody>
<tfoot><tr><td></td><td class="plot">${line}</td><td colspan="${columns.length - 2}"></td></tr></tfoot></table>`,
  )}${key && html`<p class="note">${key}</p>`}`;
};

const whole = (rank: number | undefined): string => fixed(rank, rank !== undefined && Number.isInteger(rank) ? 0 : 1);

/** This method less the best; the share of samples on which it is the better one. */
const differenceCells = (pair: Comparison | undefined, best: boolean, method: string, decimals: number): Html => {
  if (best) return html`<td class="muted">the best</td><td></td><td></td><td></td>`;
  if (pair === undefined) return html`<td>–</td><td>–</td><td>–</td><td>–</td>`;
  const sign = pair.a === method ? 1 : -1;
  const { mean, low, high } = pair.difference;
  const [from, to] = sign > 0 ? [low, high] : [-high, -low];
  const wins = sign > 0 ? pair.wins : 1 - pair.wins;
  return html`<td>${signedFixed(sign * mean, decimals)}${below(`${signedFixed(from, decimals)} to ${signedFixed(to, decimals)}`)}</td><td>${probability(pair.pHolm)}</td><td>${signedFixed(sign * pair.effect, 2)}</td><td>${share(wins)}</td>`;
};

/** The scores of one setting as HTML: the primary one with its intervals drawn, then all scores side by side. */
import type { MetricCard } from "../evaluate/card.ts";
import type { Comparison, MethodSummary, Summary } from "../evaluate/statistics/summary.ts";
import { axisMarks, axisOf, floorMarks, whiskerMarks, zeroMark } from "./dot-whisker.ts";
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
} from "./evaluation-view.ts";
import { escapeHtml } from "./page.ts";
import { svgDrawing } from "./svg.ts";

/** A box that scrolls by itself where its content is wider; reachable by keyboard. */
export const scrolling = (label: string, content: string): string =>
  `<div class="scroll" role="region" aria-label="${escapeHtml(label)}" tabindex="0">${content}</div>`;

const head = (cells: readonly string[]): string =>
  `<thead><tr>${cells.map((cell) => `<th scope="col">${cell}</th>`).join("")}</tr></thead>`;

export const better = (direction: "higher" | "lower" | undefined): string =>
  direction === undefined ? "neither way is better" : `${direction} is better`;

const [PLOT, ROW] = [236, 40];
/** Rows with names of several lines are taller; their cell cuts off what is too much. */
const OVER = 60;

/** Name, mean, interval, floor, rank, difference to the best. */
export const primaryTable = (summary: Summary, setting: SettingView): string => {
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
  const drawing = (method: MethodSummary): string => {
    const spoken = `${number(method.mean)}, interval ${number(method.low)} to ${number(method.high)}${method.atFloor ? ", inside the noise floor" : ""}`;
    return svgDrawing(
      PLOT,
      ROW,
      spoken,
      [
        ...(floor ? floorMarks(axis, floor, -OVER, ROW + OVER) : []),
        zeroMark(axis, -OVER, ROW + OVER),
        ...whiskerMarks(axis, method, ROW / 2, method.random),
      ],
      "",
    );
  };
  const row = (method: MethodSummary): string => {
    const { rank, rankLow, rankHigh, n, mean, low, high, halfWidth, random, atFloor } = method;
    const pair = own.pairs.find(
      ({ a, b }) => (a === best?.method && b === method.method) || (b === best?.method && a === method.method),
    );
    const rankCell = `<td>${whole(rank)}${rankLow === undefined ? "" : below(`${whole(rankLow)} to ${whole(rankHigh)}`)}</td>`;
    return `<tr${random ? ' class="random"' : ""}>
<th scope="row">${escapeHtml(shownName(method))}${atFloor && !random ? below("at the noise floor") : ""}</th>
<td class="plot">${drawing(method)}</td>
<td><strong>${number(mean)}</strong> ± ${number(halfWidth)}${below(`${number(low)} to ${number(high)}`)}</td><td>${n}</td>
${ordered ? `${rankCell}${differenceCells(pair, method === best, method.method, decimals)}` : ""}</tr>`;
  };
  const interval = `${fixed(100 * summary.confidence, 0)} % interval`;
  const key = floor
    ? `Grey band: the noise floor, where the mean of one set of random maps lies, ${number(floor.low)} to ${number(floor.high)}.`
    : "";
  const columns = [
    "method",
    `mean and ${interval}`,
    `mean ± half width${below(interval)}`,
    "n",
    ...(ordered
      ? [`rank${below("its interval")}`, `less the best${below("interval")}`, "Holm <i>p</i>", "effect <i>d</i>", "better on"]
      : []),
  ];
  return `${scrolling(
    `Table of scores: ${setting.name}`,
    `<table class="scores">${captioned(`${setting.name}${table.score === setting.metric ? "" : `: ${table.score}`}; ${better(table.direction)}`)}
${head(columns)}
<tbody>${methods.map(row).join("\n")}</tbody>
<tfoot><tr><td></td><td class="plot">${svgDrawing(PLOT, 26, `axis of ${table.score}`, axisMarks(axis, 2), "")}</td><td colspan="${columns.length - 2}"></td></tr></tfoot></table>`,
  )}${key && `<p class="note">${key}</p>`}`;
};

/** A second, quieter line in a cell. */
const below = (html: string): string => `<span class="below">${html}</span>`;
export const captioned = (text: string): string => `<caption><span>${escapeHtml(text)}</span></caption>`;
const whole = (rank: number | undefined): string => fixed(rank, rank !== undefined && Number.isInteger(rank) ? 0 : 1);

/** This method less the best; the share of samples on which it is the better one. */
const differenceCells = (pair: Comparison | undefined, best: boolean, method: string, decimals: number): string => {
  if (best) return '<td class="muted">the best</td><td></td><td></td><td></td>';
  if (pair === undefined) return "<td>–</td><td>–</td><td>–</td><td>–</td>";
  const sign = pair.a === method ? 1 : -1;
  const { mean, low, high } = pair.difference;
  const [from, to] = sign > 0 ? [low, high] : [-high, -low];
  const wins = sign > 0 ? pair.wins : 1 - pair.wins;
  return `<td>${signedFixed(sign * mean, decimals)}${below(`${signedFixed(from, decimals)} to ${signedFixed(to, decimals)}`)}</td><td>${probability(pair.pHolm)}</td><td>${signedFixed(sign * pair.effect, 2)}</td><td>${share(wins)}</td>`;
};

/** Every score of the setting: mean ± half width; "" where the primary one is the only one. What the scores are is said where there is a card. */
export const allScores = (summary: Summary, setting: SettingView, card?: MetricCard): string => {
  const { tables, name } = setting;
  if (tables.length < 2) return "";
  const own = tables.map(({ summary: { methods } }) => decimalsOf(methods.map(({ mean }) => mean)));
  const decimals = own.map((digits) => (digits === own[0]! + 1 ? own[0]! : digits));
  const methods = inOrder(summary, tables[0]!);
  const cell = ({ summary: { methods: all } }: TableView, { method, random }: MethodSummary, t: number): string => {
    const own = all.find((other) => other.method === method && other.random === random);
    if (own === undefined) return "<td>–</td>";
    return `<td>${fixed(own.mean, decimals[t]!)} <span class="muted">± ${fixed(own.halfWidth, decimals[t]!)}</span></td>`;
  };
  const columns = tables.map(
    ({ table: { score, direction } }) => `${escapeHtml(score)}${below(direction ? better(direction) : "no direction")}`,
  );
  const words = tables.flatMap(({ table: { score } }) => {
    const known = card?.scores[score];
    return known ? [`<dt>${escapeHtml(score)}</dt><dd>${escapeHtml(known.what)}</dd>`] : [];
  });
  return `${scrolling(
    `All scores: ${name}`,
    `<table class="many">${captioned(`${name}: all its scores, mean ± half width of the interval`)}
${head(["method", ...columns])}
<tbody>${methods.map((method) => `<tr${method.random ? ' class="random"' : ""}><th scope="row">${escapeHtml(shownName(method))}</th>${tables.map((view, t) => cell(view, method, t)).join("")}</tr>`).join("\n")}</tbody></table>`,
  )}
${words.length > 0 ? `<dl class="words">${words.join("")}</dl>` : ""}`;
};

/** Methods × settings, the primary scores. */
export const overview = (summary: Summary, views: readonly SettingView[]): string => {
  const [first] = views;
  if (first === undefined || views.length < 2) return "";
  const methods = inOrder(summary, first.tables[0]!);
  const cell = ({ tables }: SettingView, { method, random }: MethodSummary): string => {
    const view = tables[0]!;
    const all = view.summary.methods;
    const own = all.find((other) => other.method === method && other.random === random);
    if (own === undefined) return "<td>–</td>";
    const leads = ranked(summary, view) && own.rank === Math.min(...all.map(({ rank }) => rank ?? all.length + 1));
    const number = fixed(own.mean, decimalsOf(all.map(({ mean }) => mean)));
    return `<td>${leads ? `<strong>${number}</strong> <span class="muted">best</span>` : number}</td>`;
  };
  const columns = views.map(
    ({ id, metric, kind, tables: [view] }) =>
      `<a href="#${id}">${escapeHtml(metric)}</a>${kind ? below(escapeHtml(kind)) : ""}${below(view!.table.direction ? better(view!.table.direction) : "no direction")}`,
  );
  return scrolling(
    "Overview of all settings",
    `<table class="many">${captioned(`Means of the primary scores${ranked(summary, first.tables[0]!) ? ", in the order of the first column" : ""}`)}
${head(["method", ...columns])}
<tbody>${methods.map((method) => `<tr${method.random ? ' class="random"' : ""}><th scope="row">${escapeHtml(shownName(method))}</th>${views.map((view) => cell(view, method)).join("")}</tr>`).join("\n")}</tbody></table>`,
  );
};

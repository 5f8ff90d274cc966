/** Scores side by side as tables: all scores of one setting, and the primary ones of all settings. */

import type { MetricCard } from "../../evaluate/card.ts";
import type { MethodSummary, Summary } from "../../evaluate/statistics/summary.ts";
import { minOf } from "../../numeric/extremes.ts";
import { type Html, html, joinHtml } from "../../render/html/html.ts";
import { below, better, captioned, definitions, head, scrolling } from "./html.ts";
import { decimalsOf, fixed, inOrder, ranked, type SettingView, shownName, type TableView } from "./view.ts";

/** Every score of the setting: mean ± half width; undefined where the primary one is the only one. What the scores are is said where there is a card. */
export const allScores = (summary: Summary, setting: SettingView, card?: MetricCard): Html | undefined => {
  const { tables, name } = setting;
  if (tables.length < 2) return undefined;
  const own = tables.map(({ summary: { methods } }) => decimalsOf(methods.map(({ mean }) => mean)));
  const decimals = own.map((digits) => (digits === own[0]! + 1 ? own[0]! : digits));
  const methods = inOrder(summary, tables[0]!);
  const cell = ({ summary: { methods: all } }: TableView, { method, random }: MethodSummary, t: number): Html => {
    const own = all.find((other) => other.method === method && other.random === random);
    if (own === undefined) return html`<td>–</td>`;
    return html`<td>${fixed(own.mean, decimals[t]!)} <span class="muted">± ${fixed(own.halfWidth, decimals[t]!)}</span></td>`;
  };
  const columns = tables.map(
    ({ table: { score, direction } }) => html`${score}${below(direction ? better(direction) : "no direction")}`,
  );
  const words = tables.flatMap(({ table: { score } }) => {
    const known = card?.scores[score];
    return known ? [[score, known.what] as const] : [];
  });
  return html`${scrolling(
    `All scores: ${name}`,
    html`<table class="many">${captioned(`${name}: all its scores, mean ± half width of the interval`)}
${head(["method", ...columns])}
<tbody>${rowsOf(methods, (method) => tables.map((view, t) => cell(view, method, t)))}</tbody></table>`,
  )}
${words.length > 0 && definitions(words, "words")}`;
};

/** A row a method. */
const rowsOf = (methods: readonly MethodSummary[], cells: (method: MethodSummary) => readonly Html[]): Html =>
  joinHtml(
    methods.map(
      (method) =>
        html`<tr${method.random && html` class="random"`}><th scope="row">${shownName(method)}</th>${cells(method)}</tr>`,
    ),
    "\n",
  );

/** Methods × settings, the primary scores; undefined with fewer than two settings. */
export const overview = (summary: Summary, views: readonly SettingView[]): Html | undefined => {
  const [first] = views;
  if (first === undefined || views.length < 2) return undefined;
  const methods = inOrder(summary, first.tables[0]!);
  const cell = ({ tables }: SettingView, { method, random }: MethodSummary): Html => {
    const view = tables[0]!;
    const all = view.summary.methods;
    const own = all.find((other) => other.method === method && other.random === random);
    if (own === undefined) return html`<td>–</td>`;
    const leads = ranked(summary, view) && own.rank === minOf(all.map(({ rank }) => rank ?? all.length + 1));
    const number = fixed(own.mean, decimalsOf(all.map(({ mean }) => mean)));
    return html`<td>${leads ? html`<strong>${number}</strong> <span class="muted">best</span>` : number}</td>`;
  };
  const columns = views.map(
    ({ id, metric, kind, tables: [view] }) =>
      html`<a href="#${id}">${metric}</a>${kind !== "" && below(kind)}${below(view!.table.direction ? better(view!.table.direction) : "no direction")}`,
  );
  return scrolling(
    "Overview of all settings",
    html`<table class="many">${captioned(`Means of the primary scores${ranked(summary, first.tables[0]!) ? ", in the order of the first column" : ""}`)}
${head(["method", ...columns])}
<tbody>${rowsOf(methods, (method) => views.map((view) => cell(view, method)))}</tbody></table>`,
  );
};

/** Scores side by side as tables: all scores of one setting, and the primary ones of all settings. */

import type { MetricCard } from "../../evaluate/card.ts";
import type { MethodSummary, Summary } from "../../evaluate/statistics/summary.ts";
import { minOf } from "../../numeric/extremes.ts";
import { escapeHtml } from "../../render/html/html.ts";
import { below, better, captioned, head, scrolling } from "./html.ts";
import { decimalsOf, fixed, inOrder, ranked, type SettingView, shownName, type TableView } from "./view.ts";

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
    const leads = ranked(summary, view) && own.rank === minOf(all.map(({ rank }) => rank ?? all.length + 1));
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

/** Do metrics and imputers agree? Kendall's τ between their orders of the methods, as a square table. */
import type { EvaluationResult } from "../../evaluate/result.ts";
import { type Html, html, joinHtml } from "../../render/html/html.ts";
import { valueStyle } from "../../render/html/page.ts";
import { captioned, head, scrolling } from "./html.ts";
import { fixed, type SettingView } from "./view.ts";

/** Beyond the ends of τ: the strong half of the colours has too little contrast to its ink for small print. */
const SOFT = 2.2;

/** Undefined where there is nothing to compare. */
export const agreementTable = (
  { summary: { agreement, confidence } }: EvaluationResult,
  views: readonly SettingView[],
): Html | undefined => {
  const tables = [...new Set(agreement.flatMap(({ a, b }) => [a, b]))].sort((x, y) => x - y);
  if (tables.length < 2) return undefined;
  const nameOf = (table: number): string =>
    views.find(({ tables: [first] }) => first?.summary.table === table)?.name ?? `table ${table + 1}`;
  const cell = (row: number, column: number): Html => {
    if (row === column) return html`<td class="muted">1</td>`;
    const found = agreement.find(({ a, b }) => (a === row && b === column) || (a === column && b === row));
    if (found === undefined || !Number.isFinite(found.tau)) return html`<td>–</td>`;
    const { tau, low, high } = found;
    return html`<td class="v" style="${valueStyle(tau, SOFT)}"><strong>${fixed(tau, 2)}</strong><br>${fixed(low, 2)} to ${fixed(high, 2)}</td>`;
  };
  const rows = tables.map(
    (table, i) => html`<tr><th scope="row">${i + 1} ${nameOf(table)}</th>${tables.map((other) => cell(table, other))}</tr>`,
  );
  return html`<p>Kendall’s τ between the orders in which two settings put the methods: 1 is the same order, 0 unrelated, −1 the opposite. Below it its ${fixed(100 * confidence, 0)} % interval.</p>
${scrolling(
  "Agreement of the settings",
  html`<table class="agreement">${captioned("Agreement of the settings")}${head(["setting", ...tables.map((table, i) => html`<abbr title="${nameOf(table)}">${i + 1}</abbr>`)])}
<tbody>${joinHtml(rows, "\n")}</tbody></table>`,
)}`;
};

/** All features as a table, in their own order, behind a fold. */
import type { Bar } from "../bars.ts";
import { limitOf } from "../pieces.ts";
import { signedNumber } from "../signed.ts";
import { html } from "./html.ts";
import { valueStyle } from "./page.ts";

/** An HTML table behind a fold, its cells coloured by relevance. */
export const tableHtml = (bars: readonly Bar[], limit = limitOf(bars.map(({ value }) => value))): string => {
  const rows = bars.map(
    ({ name, given = "", value }) =>
      html`<tr><th scope="row">${name}</th><td>${given}</td><td class="v" style="${valueStyle(value, limit)}">${signedNumber(value)}</td></tr>`,
  );
  return String(
    html`<details><summary>All ${bars.length} features</summary><table><tr><th>feature</th><td>value</td><td>relevance</td></tr>${rows}</table></details>`,
  );
};

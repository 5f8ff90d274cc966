/** A page that stands alone: the map, its numbers and how it was made, with sliders; no other file is needed, and nothing is asked for. */
import type { Flipped } from "../shown/flipped.ts";
import type { Shown } from "../shown/shown.ts";
import { packedPlane } from "../shown/stored.ts";
import { percent, scoreIn, verdictOf, words } from "../words/english.ts";
import script from "./report/script.js?raw";
import style from "./report/style.css?raw";

interface Reported {
  readonly shown: Partial<Shown>;
  readonly model: string;
  readonly input: string;
  readonly command: string;
  /** The map in words. */
  readonly said: string;
  readonly flipped?: Flipped | undefined;
  /** The picture the model saw, as a data address. */
  readonly seen?: string | undefined;
}

export const reportOf = ({ shown, model, input, command, said, flipped, seen }: Reported): string => {
  const { drawn, classes = [], target = "", recipe, hash = "", notices = [], note } = shown;
  const rows = classes.map(({ title, probability, value, explained }) => [
    explained ? `${title} (${words.explainedHere})` : title,
    probability === undefined ? String(value ?? "") : percent(probability),
  ]);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(target)}: ${safe(model)}</title><style>${style}</style></head><body>
<h1>${safe(words.map)}: ${safe(target)}</h1>
<p>${safe(model)}; ${safe(input)}</p>
${note === undefined ? "" : `<p class="note">${safe(note)}</p>`}
${figureOf(drawn, seen)}
<p>${safe(said)}</p>
<h2>${safe(words.prediction)}</h2>${table(rows)}
${flipped ? `<h2>${safe(words.believe)}</h2><p>${safe(verdictOf(flipped))}</p>${curvesOf(flipped)}` : ""}
${shown.ledger ? `<h2>${safe(words.ledger)}</h2>${table(shown.ledger.entries.map(({ node, op, in: given, out }) => [node, op, given.toPrecision(4), out.toPrecision(4)]))}` : ""}
<h2>${safe(words.recipe)}</h2><p>SHA-256 <code>${safe(hash)}</code></p><pre>${safe(command)}</pre>
<details><summary>JSON</summary><pre>${safe(JSON.stringify(recipe, null, 2) ?? "")}</pre></details>
${notices.map((text) => `<p>${safe(text)}</p>`).join("\n")}
<script type="application/json" id="data">${JSON.stringify(dataOf(drawn)).replaceAll("<", "\\u003c")}</script>
<script>${script}</script>
</body></html>
`;
};

const figureOf = (drawn: Shown["drawn"], seen: string | undefined): string => {
  if (drawn?.kind === "picture")
    return `<figure><div class="stack">${seen === undefined ? "" : `<img id="seen" alt="" src="${seen}">`}<canvas id="map"></canvas></div>
<figcaption><label>${safe(words.opacity)} <input id="opacity" type="range" min="0" max="1" step="0.05" value="0.8"></label>
<label>${safe(words.clip)} <input id="clip" type="range" min="90" max="100" step="0.5" value="99.5"></label> <output id="value"></output></figcaption></figure>`;
  if (drawn?.kind === "text")
    return drawn.texts
      .map(
        (pieces) =>
          `<p class="words">${pieces
            .map(({ text, value }) =>
              value === undefined
                ? safe(text)
                : `<mark data-value="${value / (drawn.limit || 1)}" title="${value}">${safe(text)}</mark>`,
            )
            .join("")}</p>`,
      )
      .join("");
  if (drawn?.kind === "table")
    return table(drawn.bars.map(({ name, given, value }) => [name, given ?? "", value.toPrecision(4)]));
  return "";
};

const dataOf = (drawn: Shown["drawn"]) => (drawn?.kind === "picture" ? packedPlane(drawn.plane) : null);

const curvesOf = ({ shares, curves, probable }: Flipped): string =>
  table(
    shares.map((share, i) => [
      percent(share),
      ...(["mif", "lif", "random"] as const).map((order) => scoreIn(curves[order][i]!, probable)),
    ]),
    [words.goneAxis, words.orders.mif, words.orders.lif, words.orders.random],
  );

const table = (rows: readonly (readonly string[])[], head?: readonly string[]): string =>
  `<table>${head ? `<thead><tr>${head.map((text) => `<th scope="col">${safe(text)}</th>`).join("")}</tr></thead>` : ""}<tbody>${rows
    .map((cells) => `<tr>${cells.map((text) => `<td>${safe(text)}</td>`).join("")}</tr>`)
    .join("")}</tbody></table>`;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const safe = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);

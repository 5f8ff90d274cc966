/** The atlas as one HTML page: no script, nothing loaded, light and dark. */
import { type ConceptResult, type ConceptValue, type Html, html, htmlDocument, joinHtml, type Mode } from "@backlit/core";
import type { Atlas, AtlasChannel, AtlasTile } from "./atlas/result.ts";
import style from "./page.css?raw";

const TOLD: Readonly<Record<Mode, string>> = {
  relevance: "most relevant in",
  activation: "most active in",
};

/** Everything from the result is escaped. */
export const conceptsPage = (result: ConceptResult, atlas: Atlas): string => {
  const { model, data, version, hash, values } = result;
  const title = `Concepts of ${model.name}`;
  const body = html`<header><h1>${title}</h1>
<p class="lead">What single channels stand for in the ${data.count} samples of ${data.name}. Left: what the channel sees of a sample, cut to the receptive field of the position it has most of. Right: the map of the decision through this channel alone.${atlas.share && " Relevance is told as its share of the layer's."}</p>
<p class="muted">backlit ${version}, recipe ${hash.slice(0, 12)}, model ${model.sha256.slice(0, 12)}, data ${data.sha256.slice(0, 12)}</p></header>
<main>
${joinHtml(
  Object.entries(values).map(([name, value], i) =>
    section({ name, value, id: `value-${i + 1}` }, atlas.values[name] ?? [], { result, share: atlas.share }),
  ),
  "\n",
)}
</main>`;
  return htmlDocument(title, String(body), style);
};

interface Context {
  readonly result: ConceptResult;
  readonly share: boolean;
}

interface Shown {
  readonly name: string;
  readonly value: ConceptValue;
  readonly id: string;
}

const section = ({ name, value, id }: Shown, channels: readonly AtlasChannel[], context: Context): Html => {
  const rest = value.channels - channels.length;
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${name}: ${value.channels} channels</h2>
${(Object.keys(value.never) as Mode[]).map((mode) => silent(value, mode))}
<div class="channels">
${joinHtml(
  channels.map((one) => channelHtml(one, context)),
  "\n",
)}
</div>
${rest > 0 && html`<p class="muted">${rest} channels are not drawn: the ${channels.length} that are have the largest values.</p>`}
</section>`;
};

const silent = ({ never, channels }: ConceptValue, mode: Mode): Html | undefined => {
  const idle = never[mode] ?? [];
  if (idle.length === 0) return undefined;
  const word = mode === "relevance" ? "relevant" : "active";
  return html`<details><summary>${idle.length} of ${channels} channels are never ${word} in these samples</summary><p>${idle.join(", ")}</p></details>`;
};

const channelHtml = ({ channel, tiles }: AtlasChannel, context: Context): Html =>
  html`<article class="channel"><h3>Channel ${channel}</h3>${(Object.entries(tiles) as [Mode, readonly AtlasTile[]][]).map(
    ([mode, own]) => html`<h4>${TOLD[mode]}</h4><ul class="tiles">${own.map((tile) => tileHtml(tile, mode, context))}</ul>`,
  )}</article>`;

const tileHtml = ({ sample, value, label, picture, map, still }: AtlasTile, mode: Mode, { result, share }: Context): Html => {
  const { name, target } = result.samples[sample]!;
  const number = mode === "relevance" && share ? `${(100 * value).toPrecision(3)} %` : value.toPrecision(3);
  const pictures =
    picture !== undefined &&
    map !== undefined &&
    html`<div class="pair"><img class="pixels" src="${picture}" alt="${name}, as the channel sees it"><img class="pixels" src="${map}" alt="relevance of ${name} through the channel"></div>`;
  return html`<li>${pictures}<p>${number} <span class="muted">${name}, for ${label ?? `class ${target.join(",")}`}${still && "; nothing of the decision comes this way"}</span></p></li>`;
};

/** Groups of maps as one HTML page: the regions that decide by themselves first, with their evidence. No script, nothing loaded. */
import { type Html, html, htmlDocument, inBox, joinHtml } from "@backlit/core";
import { percent } from "../../report/numbers.ts";
import { evidenceOf, partOf } from "./evidence.ts";
import style from "./page.css?raw";
import type { ClusterCandidate, ClusteredClass, ClusterPictures, ClusterResult, ClusterTile } from "./result.ts";

/** Everything from the result is escaped. */
export const clusterPage = (result: ClusterResult, pictures?: ClusterPictures): string => {
  const { model, data, version, hash, classes, candidates, threshold } = result;
  const title = `What ${model.name} looks at`;
  const found = candidates.filter(({ score }) => score >= threshold).length;
  const verdict =
    found === 0
      ? `No region decides by itself: all scores are below ${threshold}.`
      : `${found === 1 ? "One region decides" : `${found} regions decide`} by ${found === 1 ? "itself" : "themselves"} (score ${threshold} or more).`;
  const body = html`<header><h1>${title}</h1>
<p class="lead">${verdict}</p>
<p>Maps of ${data.count} samples of ${data.name}, class by class, grouped by what they look at (spectral relevance analysis).</p>
<p class="muted">backlit ${version}, recipe ${hash.slice(0, 12)}, model ${model.sha256.slice(0, 12)}, data ${data.sha256.slice(0, 12)}</p></header>
<main>
${candidates.length > 0 && suspects(result, pictures)}
${joinHtml(
  classes.map((one, i) => section(one, i, pictures?.classes[i])),
  "\n",
)}
</main>`;
  return htmlDocument(title, String(body), style);
};

const nameOf = ({ label, target }: Pick<ClusteredClass, "label" | "target">): string => label ?? `class ${target.join(",")}`;

const suspects = (result: ClusterResult, pictures: ClusterPictures | undefined): Html =>
  html`<section class="suspects" aria-labelledby="candidates"><h2 id="candidates">Candidates, the most suspicious first</h2>
${joinHtml(
  result.candidates.map((one, i) => candidateHtml(one, result, pictures?.candidates[i])),
  "\n",
)}
</section>`;

const candidateHtml = (one: ClusterCandidate, { pool, size, threshold }: ClusterResult, tiles?: readonly ClusterTile[]): Html =>
  html`<article class="candidate${one.score < threshold && " below"}"><h3>${nameOf(one)}, ${partOf(one)}: score ${one.score.toFixed(2)}${one.score < threshold && " (below the threshold)"}</h3>
<p class="muted">${one.samples.length} samples have it, ${one.others.length} of the class have not</p>
<ul class="evidence">${evidenceOf(one, pool, size).map((line) => html`<li>${line}</li>`)}</ul>
${tilesHtml(tiles)}</article>`;

const section = (one: ClusteredClass, i: number, drawn?: readonly (readonly ClusterTile[])[]): Html =>
  html`<section aria-labelledby="class-${i}"><h2 id="class-${i}">${nameOf(one)}: ${one.names.length} samples, eigengap ${one.gap.toFixed(3)}</h2>
${planeSvg(one)}
${one.clusters.map(
  ({ size, spread }, k) =>
    html`<article class="cluster"><h3>Cluster ${k}</h3><p class="muted">${size} samples, ${percent(size / one.names.length)}; spread ${spread.toFixed(2)}</p>${tilesHtml(drawn?.[k])}</article>`,
)}
</section>`;

const tilesHtml = (tiles: readonly ClusterTile[] = []): Html | undefined =>
  tiles.length === 0
    ? undefined
    : html`<ul class="tiles">${tiles.map(
        ({ name, picture, map }) =>
          html`<li>${
            picture !== undefined &&
            map !== undefined &&
            html`<div class="pair"><img src="${picture}" alt="${name}"><img src="${map}" alt="relevance of ${name}"></div>`
          }<p class="muted">${name}</p></li>`,
      )}</ul>`;

const [WIDE, HIGH, EDGE] = [320, 220, 12];

/** Each sample as the number of its cluster, at its place. */
const planeSvg = (one: ClusteredClass): Html => {
  const { places, labels, names } = one;
  const points = inBox(places, { width: WIDE, height: HIGH, edge: EDGE }).map((at) => at.map((v) => v.toFixed(1)));
  return html`<svg class="plane" viewBox="0 0 ${WIDE} ${HIGH}" role="img" aria-label="Samples of ${nameOf(one)} in the plane, each as the number of its cluster">${labels.map(
    (label, i) => html`<text x="${points[i]![0]}" y="${points[i]![1]}"><title>${names[i]}</title>${label}</text>`,
  )}</svg>`;
};

/** The index page of an explained folder: every file with its map and prediction, and those that were skipped. */
import { html, htmlDocument, joinHtml } from "@backlit/core";
import type { FolderState } from "./state.ts";

const STYLE = `main.maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 1rem }
main.maps figure { margin: 0 } main.maps img { width: 100%; height: auto }`;

/** UTF-8. Pictures are linked, so that the page is small. */
export const folderPage = (title: string, { done, skipped }: FolderState): Uint8Array => {
  const address = (path: string) => path.split("/").map(encodeURIComponent).join("/");
  const figures = Object.entries(done).flatMap(([file, { maps, top }]) =>
    maps.map(
      (map) =>
        html`<figure><a href="${address(map)}">${
          map.endsWith(".png") ? html`<img src="${address(map)}" alt="Map of ${file}" loading="lazy">` : map
        }</a><figcaption>${file}: ${top}</figcaption></figure>`,
    ),
  );
  const lost = Object.entries(skipped).map(([file, why]) => html`<li>${file}: ${why}</li>`);
  const body = html`<header><h1>${title}</h1><p class="muted">${Object.keys(done).length} files</p></header>
<main class="maps">
${joinHtml(figures, "\n")}
</main>
${lost.length > 0 && html`<section><h2>Skipped</h2><ul>${joinHtml(lost, "\n")}</ul></section>`}`;
  return new TextEncoder().encode(htmlDocument(title, String(body), STYLE));
};

/** Examples. Of pictures: the sample, each method's map, and the film of the sample as its most relevant parts go. Of texts: their words on the colours of the first method. */
import type { EvaluationExample, ExampleMethod, PictureExample, TextExample } from "../../evaluate/result.ts";
import { scoreText } from "../../input/text/token-text.ts";
import { type Html, html, joinHtml, raw } from "../../render/html/html.ts";
import { wordsHtml } from "../../render/html/words-html.ts";
import { captioned, scrolling } from "./html.ts";
import { fixed, share } from "./view.ts";

export const examplesHtml = (examples: readonly EvaluationExample[]): Html =>
  joinHtml(
    examples.map((example) => ("text" in example ? textHtml(example) : pictureHtml(example))),
    "\n",
  );

const textHtml = ({ name, text, method, relevance }: TextExample): Html => {
  const { body, legend } = wordsHtml(text, scoreText(text, { dims: [relevance.length], data: Float32Array.from(relevance) })!);
  return html`<h3>${name}</h3>
<p class="muted">words by ${method}</p>
${raw(body)}
<div class="legend">${raw(legend)}</div>`;
};

const pictureHtml = ({ name, picture, methods }: PictureExample): Html => html`<h3>${name}</h3>
<div class="example">
<figure>${image(picture, `the sample ${name}`)}<figcaption>the sample</figcaption></figure>
${scrolling(
  `Film strips of ${name}`,
  html`<table class="films">${captioned(`${name}: map, then the sample as parts are changed; share changed · score`)}<tbody>${joinHtml(
    methods.map((method) => filmRow(name, method)),
    "\n",
  )}</tbody></table>`,
)}
</div>`;

const filmRow = (sample: string, { name, heatmap, steps }: ExampleMethod): Html => {
  const frames = steps.map(
    (step) =>
      html`<td>${image(step.picture, `${sample}, ${share(step.share)} changed in the order of ${name}`)}<span>${share(step.share)} · ${fixed(step.score, 2)}</span><i class="level" style="width:${level(step.score)}"></i></td>`,
  );
  return html`<tr><th scope="row">${name}</th><td>${image(heatmap, `relevance of ${sample} by ${name}`)}<span>map</span></td>${frames}</tr>`;
};

/** A bar for scores from 0 to 1. */
const level = (score: number): string => `${(100 * Math.min(1, Math.max(0, score || 0))).toFixed(1)}%`;

const image = (uri: string, alt: string): Html =>
  html`<img${uri.startsWith("data:image/png;base64,") && widthOf(uri) < 96 && html` class="pixels"`} src="${uri}" alt="${alt}">`;

/** The width of a PNG file stands in its bytes 16 to 19. */
const widthOf = (uri: string): number => {
  const start = uri.indexOf(",") + 1;
  const bytes = Array.from(atob(uri.slice(start, start + 32)), (c) => c.charCodeAt(0));
  return bytes.slice(16, 20).reduce((sum, byte) => sum * 256 + byte, 0);
};

/**
 * A page that stands alone: one HTML file, light and dark, no script, nothing loaded. Values carry both colours, of the map for
 * paper and of the map for dark grounds, as custom properties; the style sheet takes the one that suits.
 */
import { type ColorMap, colorAt, diverging, divergingDark } from "../colour/colormap.ts";
import { coloured, hexColour } from "../colour/ink.ts";
import { percent } from "../percent.ts";
import type { Sides } from "../picture/legend.ts";
import { signed, signedNumber, typeset } from "../signed.ts";
import { type Html, html, joinHtml, raw } from "./html.ts";
import style from "./page.css?raw";

/** Ground and ink in both appearances, for a `style` attribute; used by class "v". */
export const valueStyle = (value: number, limit: number): string => {
  const [light, dark] = [coloured(diverging, value, limit), coloured(divergingDark, value, limit)];
  return `--l:${hexColour(light.ground)};--li:${hexColour(light.ink)};--d:${hexColour(dark.ground)};--di:${hexColour(dark.ink)}`;
};

export interface PageClass {
  readonly name: string;
  /** 0..1; absent where the model gives none. */
  readonly probability?: number;
  /** What is neither a probability nor a logit. */
  readonly value?: number;
  readonly logit?: number;
  /** What the value is, where that is no number of the output itself. */
  readonly unit?: string;
  readonly explained: boolean;
  /** It wins, where something else is explained. */
  readonly winner?: boolean;
}

/** One explained map of one input. */
export interface PageSection {
  readonly title: string;
  readonly classes: readonly PageClass[];
  /** What must be said before anybody looks at the map. */
  readonly note?: string;
  /** HTML: the map itself. */
  readonly body: string;
  /** HTML: what its colours mean. */
  readonly legend: string;
}

export interface Page {
  readonly title: string;
  /** Recipe, model: a line below the title. */
  readonly subtitle: string;
  readonly sections: readonly PageSection[];
  /** Lines at the end. */
  readonly notes?: readonly string[];
}

/** The whole file. Texts are escaped; `body` and `legend` of sections are HTML already. */
export const htmlPage = ({ title, subtitle, sections, notes = [] }: Page): string =>
  htmlDocument(
    title,
    String(html`<header><h1>${title}</h1><p class="muted">${subtitle}</p></header>
<main>
${joinHtml(sections.map(section), "\n")}
</main>
${notes.length > 0 && html`<footer>${notes.map((note) => html`<p class="muted">${note}</p>`)}</footer>`}`),
  );

/** A file around a body of HTML. `rules`: CSS beside those all pages share. */
export const htmlDocument = (title: string, body: string, rules = ""): string =>
  String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(STYLE + rules)}</style>
</head>
<body>
${raw(body)}
</body>
</html>
`);

const section = ({ title, classes, note, body, legend }: PageSection): Html => html`<section>
<h2>${title}</h2>
${note !== undefined && html`<p class="note">${note}</p>\n`}<div class="map">${raw(body)}</div>
<div class="side">
${
  classes.length > 0 &&
  html`<table class="classes"><caption>Prediction</caption>${classes.map(classRow)}</table>
`
}<div class="legend">${raw(legend)}</div>
</div>
</section>`;

const classRow = ({ name, probability, logit, value: number, unit, explained, winner }: PageClass): Html => {
  const value = probability === undefined ? signedNumber(logit ?? number ?? 0) : percent(100 * probability);
  const width = (100 * (probability ?? 0)).toFixed(1);
  const mark = explained && html` <span class="muted">explained</span>`;
  const first = winner && html` <span class="muted">winner</span>`;
  return html`<tr${explained && html` class="explained"`}><th scope="row">${name}${mark}${first}${unit !== undefined && html` <span class="muted">${unit}</span>`}</th><td>${value}</td><td class="bar"><i style="width:${width}%"></i></td></tr>`;
};

export interface HtmlLegendOptions {
  /** What the ends mean. */
  readonly sides?: Sides | undefined;
  /** Of a picture, whose colours are the same in every appearance; default: those of the page. */
  readonly colors?: ColorMap;
  /** What stands at the left end, in the middle and at the right end; default: −limit, 0, limit. */
  readonly ends?: readonly [string, string, string];
}

/** The colour bar from −limit (or 0) to limit, and lines below it (plain text). */
export const htmlLegend = (limit: number, lines: readonly string[], { sides, colors, ends }: HtmlLegendOptions = {}): string => {
  const [against, speaksFor] = [sides?.against ?? "against", sides?.for ?? "for"];
  const both = colors?.signed ?? true;
  const [low, , high] = ends ?? [both ? typeset(signed(-limit)) : "0", "0", typeset(signed(limit))];
  const label = both
    ? `colours from ${low}, ${against}, over 0 to ${high}, ${speaksFor}`
    : `colours from 0 to ${high}, ${speaksFor}`;
  return String(html`<div class="scale" role="img"${colors && html` style="background:${colourGradient(colors)}"`} aria-label="${label}"></div>
<div class="ends"><span>${low}</span>${both && html`<span>0</span>`}<span>${high}</span></div>
<div class="ends words">${both && html`<span>${against}</span>`}<span>${speaksFor}</span></div>
${lines.map((line) => html`<p>${line}</p>`)}`);
};

/** CSS: from the least to the greatest. */
export const colourGradient = (map: ColorMap): string =>
  `linear-gradient(90deg,${Array.from({ length: 17 }, (_, i) => hexColour(colorAt(map, map.signed ? i / 8 - 1 : i / 16))).join(",")})`;

/** The map's colours stand in one place, its code; the style sheet has the rest. */
const STYLE = `${style}:root{--scale:${colourGradient(diverging)}}
@media (prefers-color-scheme:dark){:root{--scale:${colourGradient(divergingDark)}}}
`;

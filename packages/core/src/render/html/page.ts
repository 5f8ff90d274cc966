/**
 * A page that stands alone: one HTML file, light and dark, no script, nothing loaded. Values carry both colours, of the map for
 * paper and of the map for dark grounds, as custom properties; the style sheet takes the one that suits.
 */
import { type ColorMap, colorAt, diverging, divergingDark } from "../colour/colormap.ts";
import { coloured, hexColour } from "../colour/ink.ts";
import { percent } from "../raster/legend.ts";
import { signed, signedNumber, typeset } from "../signed.ts";
import { type Html, html, joinHtml, raw } from "./html.ts";

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
  readonly explained: boolean;
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

/** A file around a body of HTML. `style`: rules beside those all pages share. */
export const htmlDocument = (title: string, body: string, style = ""): string =>
  String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(STYLE + style)}</style>
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
<table class="classes"><caption>Prediction</caption>${classes.map(classRow)}</table>
<div class="legend">${raw(legend)}</div>
</div>
</section>`;

const classRow = ({ name, probability, logit, value: number, explained }: PageClass): Html => {
  const value = probability === undefined ? signedNumber(logit ?? number ?? 0) : percent(100 * probability);
  const width = (100 * (probability ?? 0)).toFixed(1);
  const mark = explained && html` <span class="muted">explained</span>`;
  return html`<tr${explained && html` class="explained"`}><th scope="row">${name}${mark}</th><td>${value}</td><td class="bar"><i style="width:${width}%"></i></td></tr>`;
};

/** The colour bar from −limit to limit, and lines below it (plain text). */
export const htmlLegend = (limit: number, lines: readonly string[]): string => {
  const ends = typeset(`${signed(-limit)}|0|${signed(limit)}`).split("|");
  return String(html`<div class="scale" role="img" aria-label="colours from ${ends[0]}, blue, speaks against, over 0 to ${ends[2]}, red, speaks for"></div>
<div class="ends"><span>${ends[0]} against</span><span>0</span><span>for ${ends[2]}</span></div>
${lines.map((line) => html`<p>${line}</p>`)}`);
};

const gradient = (map: ColorMap): string =>
  `linear-gradient(90deg,${Array.from({ length: 17 }, (_, i) => hexColour(colorAt(map, i / 8 - 1))).join(",")})`;

const STYLE = `
:root{--page:#fff;--ink:#1c2026;--muted:#626a74;--line:#d7dbe0;--accent:#2f6fb5;--scale:${gradient(diverging)}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:2rem 1.25rem;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0}h2{font-size:1rem;margin:0 0 .75rem;overflow-wrap:anywhere}
header p{margin:.25rem 0 1.5rem}.muted{color:var(--muted);font-weight:400}
.note{margin:0 0 .75rem;padding:.5rem .75rem;border-left:3px solid var(--accent);background:color-mix(in srgb,var(--accent) 8%,transparent)}
section{border-top:1px solid var(--line);padding:1.25rem 0 1.75rem}
.map{overflow-x:auto}.text{font-size:1.2rem;line-height:2;white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 .5rem}
.v{background:var(--l);color:var(--li)}.text .v{border-radius:.2em;padding:.12em .1em;cursor:help}
.special{color:var(--muted);font-size:.8em;border:1px dashed var(--line);border-radius:.3em;padding:.1em .35em;white-space:nowrap;cursor:help}
.unseen{color:var(--muted);text-decoration:line-through}
.side{display:flex;flex-wrap:wrap;gap:1rem 3rem;margin-top:1rem;align-items:flex-start}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}caption{text-align:left;color:var(--muted);font-size:.875rem}
th{text-align:left;font-weight:400;padding:.1rem 1rem .1rem 0}td{text-align:right;padding:.1rem .5rem}.explained th{font-weight:600}
.classes .bar{width:8rem;text-align:left}.bar i{display:block;height:.6rem;background:var(--accent);border-radius:2px}
.legend{font-size:.875rem;color:var(--muted);min-width:16rem;max-width:32rem;flex:1}.legend p{margin:.25rem 0}
.scale{height:.75rem;border-radius:2px;background:var(--scale);border:1px solid var(--line)}.ends{display:flex;justify-content:space-between}
details{margin-top:1rem;font-size:.875rem}summary{cursor:pointer;color:var(--muted)}
img,svg{max-width:100%;height:auto}
.beside{display:flex;flex-wrap:wrap;gap:1rem 2rem}.beside figure{margin:0;flex:1 1 18rem;min-width:0}figcaption{font-weight:600;margin-bottom:.5rem}
.hex{font:14px/1.5 ui-monospace,monospace;white-space:pre;margin:0}.hex .at{color:var(--muted)}.hex .gap{color:var(--muted)}
footer{border-top:1px solid var(--line);padding-top:.75rem;font-size:.875rem}footer p{margin:.15rem 0}
@media (prefers-color-scheme:dark){:root{--page:#14171b;--ink:#e6e8eb;--muted:#9aa3ad;--line:#343a42;--accent:#6ea8e6;--scale:${gradient(divergingDark)}}
.v{background:var(--d);color:var(--di)}}
@media print{.v{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;

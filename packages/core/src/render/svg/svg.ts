/**
 * Parts of SVG charts: a drawing that follows the viewer's appearance (light or dark) by its own style sheet, alone or inside a
 * page; class names begin with "bl-" so that nothing else is styled.
 */
import { type ColorMap, colorAt, diverging, divergingDark } from "../colour/colormap.ts";
import { hexColour } from "../colour/ink.ts";
import { type Html, html, joinHtml, raw } from "../html/html.ts";
import { typeset } from "../signed.ts";
import style from "./chart.css?raw";

/** Steps of colour on each side of zero. */
const STEPS = 8;
/** Pale colours vanish on the ground: marks keep at least the tone of a third. */
const PALEST = 0.35;

const tone = (map: ColorMap, step: number): string =>
  hexColour(colorAt(map, Math.sign(step) * (PALEST + (1 - PALEST) * (Math.abs(step) / STEPS))));

const steps = Array.from({ length: 2 * STEPS + 1 }, (_, i) => i - STEPS).filter((step) => step !== 0);
const rules = (map: ColorMap): string =>
  steps.map((step) => `.bl-${stepName(step)}{fill:${tone(map, step)};stroke:${tone(map, step)}}`).join("");

const stepName = (step: number): string => `${step < 0 ? "n" : "p"}${Math.abs(step)}`;

/** The class that colours a mark of this value: fill and stroke; "bl-zero" for what rounds to nothing. */
export const valueClass = (value: number, limit: number): string => {
  const step = limit > 0 && Number.isFinite(value) ? Math.round((Math.max(-1, Math.min(1, value / limit)) || 0) * STEPS) : 0;
  return step === 0 ? "bl-zero" : `bl-${stepName(step)}`;
};

const STYLE = `${style}${rules(diverging)}@media (prefers-color-scheme:dark){${rules(divergingDark)}}`;

export interface Drawing {
  /** px */
  readonly width: number;
  readonly height: number;
  /** What a screen reader says. */
  readonly label: string;
  readonly marks: readonly Html[];
  /** Its own style sheet; "" inside a page that has the rules. */
  readonly style?: string;
}

export const svgDrawing = ({ width, height, label, marks, style = STYLE }: Drawing): Html =>
  html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">${style !== "" && html`<style>${raw(style)}</style>`}
${joinHtml(marks, "\n")}
</svg>
`;

/** Drawings in a row, in one. */
export const svgBeside = (drawings: readonly string[], gap = 24): string => {
  const sizes = drawings.map((drawing) => {
    const [, width = "0", height = "0"] = /^<svg [^>]*?\swidth="([\d.]+)" height="([\d.]+)"/.exec(drawing) ?? [];
    return [Number(width), Number(height)] as const;
  });
  const at = (k: number) => sizes.slice(0, k).reduce((sum, [width]) => sum + width + gap, 0);
  const height = sizes.reduce((most, [, own]) => Math.max(most, own), 0);
  const label = drawings.map((drawing) => /aria-label="([^"]*)"/.exec(drawing)?.[1] ?? "").join("; ");
  const placed = drawings.map((drawing, k) => drawing.replace("<svg ", `<svg x="${at(k)}" y="0" `).trimEnd());
  const width = Math.max(0, at(drawings.length) - gap);
  return String(html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${raw(label)}">
${raw(placed.join("\n"))}
</svg>
`);
};

export interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly muted?: boolean;
  readonly bold?: boolean;
  /** Its class, instead of that of plain or muted ink. */
  readonly name?: string;
}

export const svgText = (text: string, { x, y, anchor = "start", muted = false, bold = false, name }: TextPlace): Html =>
  html`<text x="${round(x)}" y="${round(y)}" class="${name ?? (muted ? "bl-muted" : "bl-ink")}${bold && " bl-bold"}"${anchor !== "start" && html` text-anchor="${anchor}"`}>${text}</text>`;

export const svgLine = (x1: number, y1: number, x2: number, y2: number): Html =>
  html`<path class="bl-line" d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}"/>`;

export const round = (value: number): number => Math.round(value * 10) / 10;

/** Round numbers 1, 2, 5 · 10ⁿ apart within [low, high], at least two steps where there is room. */
export const ticks = (low: number, high: number, count = 4): readonly number[] => {
  if (!(high > low)) return [low];
  const step = tickStep(low, high, count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
};

/** The distance between ticks; 1 where there is no room. */
export const tickStep = (low: number, high: number, count = 4): number => {
  if (!(high > low)) return 1;
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((n) => n * power >= rough) ?? 10) * power;
};

export const axisNumber = (value: number): string => typeset(String(Number(value.toPrecision(6))));

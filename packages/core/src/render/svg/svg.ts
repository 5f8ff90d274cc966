/**
 * Parts of SVG charts: a drawing that follows the viewer's appearance (light or dark) by its own style sheet, alone or inside a
 * page; class names begin with "bl-" so that nothing else is styled.
 */
import { hexColour } from "../colour/ink.ts";
import { STEPS, stepColour, stepOf } from "../figure/tones.ts";
import { type Html, html, joinHtml, raw } from "../html/html.ts";
import { typeset } from "../signed.ts";
import style from "./chart.css?raw";

const steps = Array.from({ length: 2 * STEPS + 1 }, (_, i) => i - STEPS).filter((step) => step !== 0);
const rules = (dark: boolean): string =>
  steps
    .map((step) => {
      const tone = hexColour(stepColour(step, dark));
      return `.bl-${stepName(step)}{fill:${tone};stroke:${tone}}`;
    })
    .join("");

const stepName = (step: number): string => `${step < 0 ? "n" : "p"}${Math.abs(step)}`;

/** The class that colours a mark of this value: fill and stroke; "bl-zero" for what rounds to nothing. */
export const valueClass = (value: number, limit: number): string => {
  const step = stepOf(value, limit);
  return step === 0 ? "bl-zero" : `bl-${stepName(step)}`;
};

const STYLE = `${style}${rules(false)}@media (prefers-color-scheme:dark){${rules(true)}}`;

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

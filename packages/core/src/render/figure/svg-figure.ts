/** A figure as SVG: texts as text, pictures embedded; light or dark as its viewer is. */
import { encodePng, fewColours } from "../../formats/png/encode.ts";
import type { Raster } from "../../formats/raster.ts";
import { hexColour } from "../colour/ink.ts";
import { type Html, html } from "../html/html.ts";
import { shrunk } from "../raster/canvas.ts";
import { boxData, lineData } from "../svg/path-data.ts";
import { round, svgDrawing, valueClass } from "../svg/svg.ts";
import {
  type Coarseness,
  FINE,
  type Figure,
  type ImageMark,
  type LineMark,
  type Mark,
  type RectMark,
  type TextMark,
  type Tone,
} from "./figure.ts";
import { colourOf, groundOf } from "./tones.ts";

/** A whole document. */
export const figureSvg = ({ width, height, label, marks, dark = false }: Figure, coarse: Coarseness = FINE): string => {
  const ground: Mark = { kind: "rect", x: 0, y: 0, width, height, tone: groundOf(true) };
  const drawn = dark ? [ground, ...marks.map(fixed)] : marks;
  const uris = pngUris(marks, coarse);
  return String(
    svgDrawing({ width: round(width), height: round(height), label, marks: runs(drawn).map((run) => runOf(run, uris)) }),
  );
};

/** A drawing on its own dark ground has no other appearance. */
const fixed = (mark: Mark): Mark => (mark.kind === "image" ? mark : { ...mark, tone: colourOf(mark.tone ?? "ink", true) });

/** Marks behind each other that differ in their place alone. */
const runs = (marks: readonly Mark[]): readonly (readonly Mark[])[] => {
  const all: Mark[][] = [];
  let kind = "";
  for (const mark of marks) {
    const own = kindOf(mark);
    if (own !== undefined && own === kind) all.at(-1)!.push(mark);
    else all.push([mark]);
    kind = own ?? "";
  }
  return all;
};

/** What marks have in common that may be one path; undefined for what stands alone. */
const kindOf = (mark: Mark): string | undefined => {
  if (mark.kind === "line") return `line ${paintOf(mark.tone)} ${mark.width} ${mark.points.length > 2}`;
  return mark.kind === "rect" && mark.round === undefined && mark.title === undefined ? `rect ${paintOf(mark.tone)}` : undefined;
};

const paintOf = (tone: Tone): string => classOf(tone) ?? hexColour(colourOf(tone, false));

const runOf = (marks: readonly Mark[], uris: ReadonlyMap<Raster, string>): Html => {
  const [mark, ...more] = marks as readonly [Mark, ...Mark[]];
  if (mark.kind === "line") return lines(mark, marks as readonly LineMark[]);
  if (mark.kind === "rect") return more.length > 0 ? boxes(mark, marks as readonly RectMark[]) : rect(mark);
  return mark.kind === "text" ? text(mark) : image(mark, uris.get(mark.raster)!);
};

const NAMES = { ink: "bl-ink", muted: "bl-muted", line: "bl-line", zero: "bl-zero" } as const;

/** Its class, or undefined for a fixed colour. */
const classOf = (tone: Tone): string | undefined => {
  if (typeof tone === "string") return NAMES[tone];
  return "value" in tone ? valueClass(tone.value, tone.limit) : undefined;
};

const style = (rules: readonly (string | false)[]): Html | false => {
  const all = rules.filter(Boolean).join(";");
  return all !== "" && html` style="${all}"`;
};

const text = ({ text, x, y, size, anchor = "start", bold, tone = "ink", width, mono }: TextMark): Html => {
  const name = classOf(tone);
  const colour = name === undefined && `fill:${hexColour(colourOf(tone, false))}`;
  const classes = [...(name === undefined ? [] : [name]), ...(bold ? ["bl-bold"] : [])].join(" ");
  return html`<text x="${round(x)}" y="${round(y)}"${classes !== "" && html` class="${classes}"`}${anchor !== "start" && html` text-anchor="${anchor}"`}${width !== undefined && html` textLength="${round(width)}" lengthAdjust="spacingAndGlyphs"`}${style(
    [colour, size !== undefined && size !== 14 && `font-size:${size}px`, mono === true && "font-family:ui-monospace,monospace"],
  )}${/^\s|\s$|\s\s/.test(text) && html` xml:space="preserve"`}>${text}</text>`;
};

const rect = ({ x, y, width, height, tone, round: radius, title }: RectMark): Html => {
  const name = classOf(tone);
  const colour = name === undefined ? html` fill="${hexColour(colourOf(tone, false))}"` : html` class="${name}"`;
  const box = html`${colour} stroke-width="0" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"${radius !== undefined && html` rx="${radius}"`}`;
  return title === undefined ? html`<rect${box}/>` : html`<rect${box}><title>${title}</title></rect>`;
};

const boxes = ({ tone }: RectMark, all: readonly RectMark[]): Html => {
  const name = classOf(tone);
  const colour = name === undefined ? html` fill="${hexColour(colourOf(tone, false))}"` : html` class="${name}"`;
  return html`<path${colour} stroke-width="0" d="${boxData(all)}"/>`;
};

const lines = ({ points, tone, width }: LineMark, all: readonly LineMark[]): Html => {
  const name = classOf(tone);
  const colour = name === undefined ? html` fill="none" stroke="${hexColour(colourOf(tone, false))}"` : html` class="${name}"`;
  const value = typeof tone === "object" && "value" in tone;
  const ends = html`${width !== undefined && html` stroke-width="${width}"`}${points.length > 2 && html` stroke-linecap="round" stroke-linejoin="round"`}`;
  return html`<path${colour}${value && html` style="fill:none"`}${ends} d="${lineData(all.map((one) => one.points))}"/>`;
};

const image = ({ x, y, width, height }: ImageMark, uri: string): Html =>
  html`<image x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" preserveAspectRatio="none" href="${uri}"/>`;

/** More is a grey photograph. */
const MAP = 100_000;

/** Maps exactly; photographs share what is left of the aim. */
const pngUris = (marks: readonly Mark[], { aim, most, shrink = 1 }: Coarseness): ReadonlyMap<Raster, string> => {
  const rasters = [...new Set(marks.flatMap((mark) => (mark.kind === "image" ? [mark.raster] : [])))];
  const uris = new Map<Raster, string>();
  for (const raster of rasters) {
    const uri = fewColours(raster) ? uriOf(encodePng(raster)) : undefined;
    if (uri !== undefined && uri.length <= MAP) uris.set(raster, uri);
  }
  const photos = rasters.filter((raster) => !uris.has(raster));
  const exact = [...uris.values()].reduce((sum, { length }) => sum + length, 0);
  // Base64 takes a third more.
  const each = ((Math.max(0, aim - exact) / photos.length) * 3) / 4;
  for (const raster of photos) {
    const own = shrunk(raster, shrink);
    const whole = [{ left: 0, top: 0, right: own.width, bottom: own.height }];
    uris.set(raster, uriOf(encodePng(own, { photos: whole, aim: each, most })));
  }
  return uris;
};

const uriOf = (bytes: Uint8Array): string =>
  `data:image/png;base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;

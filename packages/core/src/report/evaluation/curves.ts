/** Curves of one setting as small multiples, a method each: the median sample and the quartiles around it. */

import type { EvaluationResult } from "../../evaluate/result.ts";
import { maxOf, minOf } from "../../numeric/extremes.ts";
import { type Html, html, joinHtml } from "../../render/html/html.ts";
import { type ChartLine, lineChart } from "../../render/svg/line-chart.ts";
import { tickStep } from "../../render/svg/svg.ts";
import { TONES } from "./marks.ts";
import { bandOf, inOrder, RANDOM, type SettingView, share, shownName } from "./view.ts";

/** Tones by the curve's name, so that they mean the same on the whole page; others take what is left, in turn. */
const TONE: Readonly<Record<string, number>> = { mif: 0, morf: 0, lif: 1, lerf: 1, random: 2 };

const NAMES: Readonly<Record<string, string>> = {
  mif: "most relevant first",
  morf: "most relevant first",
  lif: "least relevant first",
  lerf: "least relevant first",
  random: "random order",
  score: "in the order of the map",
};

/** Undefined for a metric without curves. */
export const curvePanels = (result: EvaluationResult, setting: SettingView): Html | undefined => {
  const { curves, name, id } = setting;
  if (curves.length === 0) return undefined;
  const methods = inOrder(result.summary, setting.tables[0]!);
  const bands = methods.map((method) => curves.map((curve) => bandOf(result, curve, method)));
  const all = bands.flat().flatMap((band) => (band ? [...band.low, ...band.high, ...band.median] : []));
  const xs = curves.flatMap(({ at }) => at);
  if (all.length === 0) return undefined;
  const range = outward(minOf(all, 0), maxOf(all));
  const several = curves.length > 1;
  const panels = methods.map((method, m) => {
    const lines = curves.flatMap((curve, c): ChartLine[] => {
      const band = bands[m]![c];
      if (band === undefined) return [];
      const { median: y, low, high } = band;
      return [{ name: curve.curve, x: curve.at, y, low, high, tone: toneOf(curve.curve, c, several) }];
    });
    const others = several
      ? []
      : bands.flatMap((other, k) => (k !== m && other[0] ? [{ x: curves[0]!.at, y: other[0].median }] : []));
    const title = shownName(method);
    const chart = lineChart({
      label: `Curves of ${title}, ${name}: ${lines.map(spoken).join("; ")}`,
      lines,
      others,
      xRange: [minOf(xs), maxOf(xs)],
      yRange: range,
      xNumber: share,
      named: several,
      style: "",
    });
    return html`<figure><figcaption>${title}</figcaption>${chart}</figure>`;
  });
  const read = setting.score === undefined ? "" : ` Up: the model’s ${setting.score}.`;
  return html`<h4 id="${id}-curves">Curves: ${name}</h4>
<p class="muted">Across: the share of the input that is changed.${read} Line: the median sample; band: the middle half of the samples.${several ? "" : " Grey: the other methods."}${methods.some(({ random }) => random) ? ` Under “${RANDOM}” stands the average of their draws.` : ""}</p>
${keyOf(curves.map(({ curve }, c) => [curve, toneOf(curve, c, several)]))}
<div class="panels">${joinHtml(panels, "\n")}</div>`;
};

const toneOf = (curve: string, c: number, several: boolean): number => TONE[curve] ?? (several ? (c + 3) % TONES : 1);

/** Each curve's line and what it is. */
const keyOf = (curves: readonly (readonly [name: string, tone: number])[]): Html => {
  const entry = ([name, tone]: readonly [string, number]) =>
    html`<li><svg viewBox="0 0 34 16" width="34" height="16" aria-hidden="true"><path class="ev-line${tone}" d="M1 8H33"/></svg> ${name}${NAMES[name] && `: ${NAMES[name]}`}</li>`;
  return html`<ul class="key">${curves.map(entry)}</ul>`;
};

/** Ends that are ticks. */
const outward = (low: number, high: number): readonly [number, number] => {
  const step = tickStep(low, high);
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
};

/** Three places of a line in words. */
const spoken = ({ name, x, y }: ChartLine): string => {
  const places = [...new Set([0, Math.floor((x.length - 1) / 2), x.length - 1])];
  return `${name} ${places.map((k) => `${Number(y[k]!.toPrecision(3))} at ${share(x[k]!)}`).join(", ")}`;
};

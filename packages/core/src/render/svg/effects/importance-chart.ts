/** Importances of features with their spread over repeats: a dot with a whisker a feature, the most important first. */
import { type Html, html } from "../../html/html.ts";
import { axisMarks, axisOf, placeOn, zeroMark } from "../dot-whisker.ts";
import { besideNames, shortened } from "../rows/table.ts";
import { axisNumber, round, svgDrawing, svgText, valueClass } from "../svg.ts";

export interface ImportanceBar {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
}

const [ROW, PLOT, NAMES, TOP] = [26, 360, 30, 40];

/** `count`: features at most, default 20. */
export const importanceChart = (bars: readonly ImportanceBar[], title: string, count = 20): string => {
  const shown = [...bars].sort((a, b) => b.mean - a.mean).slice(0, count);
  const left = besideNames(
    shown.map(({ name }) => name),
    NAMES,
  );
  const axis = axisOf(
    shown.flatMap(({ mean, deviation }) => [mean - deviation, mean + deviation]),
    left,
    left + PLOT,
  );
  const bottom = TOP + shown.length * ROW;
  const limit = shown.reduce((most, { mean }) => Math.max(most, Math.abs(mean)), 0);
  const marks = shown.flatMap(({ name, mean, deviation }, i): Html[] => {
    const y = TOP + i * ROW + ROW / 2;
    const [from, to] = [placeOn(axis, Math.min(0, mean)), placeOn(axis, Math.max(0, mean))];
    return [
      svgText(shortened(name, NAMES), { x: left - 10, y: y + 5, anchor: "end" }),
      html`<rect class="${valueClass(mean, limit)}" stroke-width="0" x="${round(from)}" y="${y - 8}" width="${round(Math.max(1, to - from))}" height="16" rx="1"><title>${name}: ${axisNumber(mean)} ± ${axisNumber(deviation)}</title></rect>`,
      html`<path class="bl-whisker" d="M${round(placeOn(axis, mean - deviation))} ${y}H${round(placeOn(axis, mean + deviation))}"/>`,
      svgText(axisNumber(Number(mean.toPrecision(3))), { x: axis.to + 12, y: y + 5, muted: true }),
    ];
  });
  return String(
    svgDrawing({
      width: Math.ceil(left + PLOT + 90),
      height: bottom + 34,
      label: `${title}: ${shown.length} features`,
      marks: [
        svgText(shown.length < bars.length ? `${title} (the first ${shown.length} of ${bars.length})` : title, {
          x: 8,
          y: 20,
          bold: true,
        }),
        zeroMark(axis, TOP, bottom),
        ...marks,
        ...axisMarks(axis, bottom),
      ],
    }),
  );
};

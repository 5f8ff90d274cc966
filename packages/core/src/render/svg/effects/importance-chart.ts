/** Importances of features with their spread over repeats: a dot with a whisker a feature, the most important first. */
import { type Html, html } from "../../html/html.ts";
import { axisMarks, axisOf, placeOn, zeroMark } from "../dot-whisker.ts";
import { besideNames, lettersIn, shortened } from "../rows/table.ts";
import { axisNumber, round, svgDrawing, svgText, valueClass } from "../svg.ts";

export interface ImportanceBar {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
}

const [ROW, PLOT, NAMES, TOP] = [26, 360, 30, 40];

/** px right of the plot; letters of a name in a narrow drawing. */
const [NUMBERS, FEW] = [90, 14];

export interface ImportanceOptions {
  /** Features at most; default 20. */
  readonly count?: number;
  /** px at most. */
  readonly width?: number;
}

export const importanceChart = (
  bars: readonly ImportanceBar[],
  title: string,
  { count = 20, width }: ImportanceOptions = {},
): string => {
  const most = width === undefined ? NAMES : FEW;
  const shown = [...bars].sort((a, b) => b.mean - a.mean).slice(0, count);
  const left = besideNames(
    shown.map(({ name }) => name),
    most,
  );
  const plot = width === undefined ? PLOT : Math.min(PLOT, Math.max(100, width - left - NUMBERS));
  const axis = axisOf(
    shown.flatMap(({ mean, deviation }) => [mean - deviation, mean + deviation]),
    left,
    left + plot,
  );
  const head = shown.length < bars.length ? `${title} (the first ${shown.length} of ${bars.length})` : title;
  const bottom = TOP + shown.length * ROW;
  const limit = shown.reduce((most, { mean }) => Math.max(most, Math.abs(mean)), 0);
  const marks = shown.flatMap(({ name, mean, deviation }, i): Html[] => {
    const y = TOP + i * ROW + ROW / 2;
    const [from, to] = [placeOn(axis, Math.min(0, mean)), placeOn(axis, Math.max(0, mean))];
    return [
      svgText(shortened(name, most), { x: left - 10, y: y + 5, anchor: "end" }),
      html`<rect class="${valueClass(mean, limit)}" stroke-width="0" x="${round(from)}" y="${y - 8}" width="${round(Math.max(1, to - from))}" height="16" rx="1"><title>${name}: ${axisNumber(mean)} ± ${axisNumber(deviation)}</title></rect>`,
      html`<path class="bl-whisker" d="M${round(placeOn(axis, mean - deviation))} ${y}H${round(placeOn(axis, mean + deviation))}"/>`,
      svgText(axisNumber(Number(mean.toPrecision(3))), { x: axis.to + 12, y: y + 5, muted: true }),
    ];
  });
  return String(
    svgDrawing({
      width: Math.ceil(left + plot + NUMBERS),
      height: bottom + 34,
      label: `${title}: ${shown.length} features`,
      marks: [
        svgText(width === undefined ? head : shortened(head, lettersIn(width)), {
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

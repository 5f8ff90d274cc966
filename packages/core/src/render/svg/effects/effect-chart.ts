/** What a model says when a column is moved: one line over its values with the lines of single rows behind it, or one dot a level. */
import { type Html, html } from "../../html/html.ts";
import { signedNumber } from "../../signed.ts";
import { axisMarks, axisOf, placeOn } from "../dot-whisker.ts";
import { besideNames, lettersIn, shortened } from "../rows/table.ts";
import { axisNumber, round, svgDrawing, svgLine, svgText, ticks, valueClass } from "../svg.ts";

export interface EffectCurve {
  readonly feature: string;
  /** A line above: what is drawn. */
  readonly title: string;
  /** Numbers in order, or names of levels. */
  readonly at: readonly (number | string)[];
  readonly values: readonly number[];
  /** Of single rows, thin and grey. */
  readonly others?: readonly (readonly number[])[];
  /** Where the rows lie: marks along the axis. */
  readonly rug?: readonly number[];
  /** The value of rows that have none in this column, a dashed line. */
  readonly missing?: number;
  /** px of the drawing at most; default: 528. */
  readonly width?: number;
}

const [PLOT, HEIGHT, LEFT, TOP, ROW, NAMES] = [420, 220, 84, 56, 26, 22];

export const effectChart = (curve: EffectCurve): string =>
  curve.at.every((place) => typeof place === "number") ? lineOf(curve, curve.at) : dotsOf(curve);

const lineOf = (curve: EffectCurve, at: readonly number[]): string => {
  const { feature, title, values, others = [], rug = [], missing } = curve;
  const plot = plotOf(curve, LEFT + EDGE);
  const across = axisOf(at, LEFT, LEFT + plot, false);
  const all = [...values, ...others.flat(), ...(missing === undefined ? [] : [missing])];
  const up = axisOf(all, TOP + HEIGHT, TOP, false);
  const y = (value: number) => round(placeOn(up, value));
  const path = (of: readonly number[]) =>
    of.map((v, k) => `${k === 0 ? "M" : "L"}${round(placeOn(across, at[k]!))} ${y(v)}`).join("");
  const bottom = TOP + HEIGHT;
  const marks: Html[] = [
    svgText(headOf(curve), { x: 8, y: 20, bold: true }),
    svgText(
      `against ${feature}${others.length > 0 ? `; thin: ${others.length} rows` : ""}${missing === undefined ? "" : "; dashed: no value"}`,
      { x: 8, y: 40, muted: true },
    ),
    ...ticks(up.low, up.high).flatMap((tick) => [
      svgLine(LEFT, y(tick), LEFT + plot, y(tick)),
      svgText(axisNumber(tick), { x: LEFT - 8, y: y(tick) + 5, anchor: "end", muted: true }),
    ]),
    ...others.map((line) => html`<path class="bl-line" stroke-width="0.8" d="${path(line)}"/>`),
    ...(missing === undefined
      ? []
      : [html`<path class="${STRONG}" style="fill:none" stroke-dasharray="5 4" d="M${LEFT} ${y(missing)}H${LEFT + plot}"/>`]),
    html`<path class="${STRONG}" style="fill:none" stroke-width="2.5" d="${path(values)}"/>`,
    ...at.map(
      (place, k) =>
        html`<circle class="${STRONG}" stroke-width="0" cx="${round(placeOn(across, place))}" cy="${y(values[k]!)}" r="3"><title>${axisNumber(place)}: ${signedNumber(values[k]!)}</title></circle>`,
    ),
    ...rug.map((place) => svgLine(placeOn(across, place), bottom, placeOn(across, place), bottom - 6)),
    ...axisMarks(across, bottom),
  ];
  return String(svgDrawing({ width: LEFT + plot + EDGE, height: bottom + 34, label: `${title} against ${feature}`, marks }));
};

/** px right of the plot, where nothing stands there. */
const EDGE = 24;
/** px right of the plot, where numbers stand there; letters of a name in a narrow drawing. */
const [NUMBERS, FEW] = [80, 12];

/** The title as far as it has room. */
const headOf = ({ title, width }: EffectCurve): string => (width === undefined ? title : shortened(title, lettersIn(width)));

/** px of the plot: what is left beside `taken`, not so little that nothing is seen. */
const plotOf = ({ width }: EffectCurve, taken: number): number =>
  width === undefined ? PLOT : Math.min(PLOT, Math.max(120, width - taken));

/** The strongest tone of what is for. */
const STRONG = valueClass(1, 1);

const dotsOf = (curve: EffectCurve): string => {
  const { feature, title, at, values, missing, width } = curve;
  const most = width === undefined ? NAMES : FEW;
  const rows = [
    ...at.map((place, k) => ({ name: String(place), value: values[k]! })),
    ...(missing === undefined ? [] : [{ name: "no value", value: missing }]),
  ];
  const left = besideNames(
    rows.map(({ name }) => name),
    most,
  );
  const plot = plotOf(curve, left + NUMBERS);
  const axis = axisOf(
    rows.map(({ value }) => value),
    left,
    left + plot,
    false,
  );
  const bottom = TOP + rows.length * ROW;
  const marks: Html[] = [
    svgText(headOf(curve), { x: 8, y: 20, bold: true }),
    svgText(`for each ${feature}`, { x: 8, y: 40, muted: true }),
    ...rows.flatMap(({ name, value }, i) => {
      const y = TOP + i * ROW + ROW / 2;
      const x = placeOn(axis, value);
      return [
        svgText(shortened(name, most), { x: left - 10, y: y + 5, anchor: "end" }),
        svgLine(axis.from, y, axis.to, y),
        html`<circle class="${STRONG}" stroke-width="0" cx="${round(x)}" cy="${y}" r="5"/>`,
        svgText(axisNumber(Number(value.toPrecision(4))), { x: axis.to + 12, y: y + 5, muted: true }),
      ];
    }),
    ...axisMarks(axis, bottom),
  ];
  return String(
    svgDrawing({ width: Math.ceil(left + plot + NUMBERS), height: bottom + 34, label: `${title} for each ${feature}`, marks }),
  );
};

/** What a model says when a column is moved: one line over its values with the lines of single rows behind it, or one dot a level. */
import { type Html, html } from "../../html/html.ts";
import { signedNumber } from "../../signed.ts";
import { axisMarks, axisOf, placeOn } from "../dot-whisker.ts";
import { besideNames, shortened } from "../rows/table.ts";
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
}

const [WIDTH, HEIGHT, LEFT, TOP, ROW, NAMES] = [420, 220, 84, 56, 26, 22];

export const effectChart = (curve: EffectCurve): string =>
  curve.at.every((place) => typeof place === "number") ? lineOf(curve, curve.at) : dotsOf(curve);

const lineOf = ({ feature, title, values, others = [], rug = [], missing }: EffectCurve, at: readonly number[]): string => {
  const across = axisOf(at, LEFT, LEFT + WIDTH, false);
  const all = [...values, ...others.flat(), ...(missing === undefined ? [] : [missing])];
  const up = axisOf(all, TOP + HEIGHT, TOP, false);
  const y = (value: number) => round(placeOn(up, value));
  const path = (of: readonly number[]) =>
    of.map((v, k) => `${k === 0 ? "M" : "L"}${round(placeOn(across, at[k]!))} ${y(v)}`).join("");
  const bottom = TOP + HEIGHT;
  const marks: Html[] = [
    svgText(title, { x: 8, y: 20, bold: true }),
    svgText(
      `against ${feature}${others.length > 0 ? `; thin: ${others.length} rows` : ""}${missing === undefined ? "" : "; dashed: no value"}`,
      { x: 8, y: 40, muted: true },
    ),
    ...ticks(up.low, up.high).flatMap((tick) => [
      svgLine(LEFT, y(tick), LEFT + WIDTH, y(tick)),
      svgText(axisNumber(tick), { x: LEFT - 8, y: y(tick) + 5, anchor: "end", muted: true }),
    ]),
    ...others.map((line) => html`<path class="bl-line" stroke-width="0.8" d="${path(line)}"/>`),
    ...(missing === undefined
      ? []
      : [html`<path class="${STRONG}" style="fill:none" stroke-dasharray="5 4" d="M${LEFT} ${y(missing)}H${LEFT + WIDTH}"/>`]),
    html`<path class="${STRONG}" style="fill:none" stroke-width="2.5" d="${path(values)}"/>`,
    ...at.map(
      (place, k) =>
        html`<circle class="${STRONG}" stroke-width="0" cx="${round(placeOn(across, place))}" cy="${y(values[k]!)}" r="3"><title>${axisNumber(place)}: ${signedNumber(values[k]!)}</title></circle>`,
    ),
    ...rug.map((place) => svgLine(placeOn(across, place), bottom, placeOn(across, place), bottom - 6)),
    ...axisMarks(across, bottom),
  ];
  return String(svgDrawing({ width: LEFT + WIDTH + 24, height: bottom + 34, label: `${title} against ${feature}`, marks }));
};

/** The strongest tone of what is for. */
const STRONG = valueClass(1, 1);

const dotsOf = ({ feature, title, at, values, missing }: EffectCurve): string => {
  const rows = [
    ...at.map((place, k) => ({ name: String(place), value: values[k]! })),
    ...(missing === undefined ? [] : [{ name: "no value", value: missing }]),
  ];
  const left = besideNames(
    rows.map(({ name }) => name),
    NAMES,
  );
  const axis = axisOf(
    rows.map(({ value }) => value),
    left,
    left + WIDTH - 80,
    false,
  );
  const bottom = TOP + rows.length * ROW;
  const marks: Html[] = [
    svgText(title, { x: 8, y: 20, bold: true }),
    svgText(`for each ${feature}`, { x: 8, y: 40, muted: true }),
    ...rows.flatMap(({ name, value }, i) => {
      const y = TOP + i * ROW + ROW / 2;
      const x = placeOn(axis, value);
      return [
        svgText(shortened(name, NAMES), { x: left - 10, y: y + 5, anchor: "end" }),
        svgLine(axis.from, y, axis.to, y),
        html`<circle class="${STRONG}" stroke-width="0" cx="${round(x)}" cy="${y}" r="5"/>`,
        svgText(axisNumber(Number(value.toPrecision(4))), { x: axis.to + 12, y: y + 5, muted: true }),
      ];
    }),
    ...axisMarks(axis, bottom),
  ];
  return String(
    svgDrawing({ width: Math.ceil(left + WIDTH), height: bottom + 34, label: `${title} for each ${feature}`, marks }),
  );
};

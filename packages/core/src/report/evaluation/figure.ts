/** One picture of an evaluation for a README: a metric's primary score by method, a panel each for its settings, the noise floor behind. */

import type { EvaluationResult } from "../../evaluate/result.ts";
import type { MethodSummary } from "../../evaluate/statistics/summary.ts";
import { maxOf } from "../../numeric/extremes.ts";
import type { Html } from "../../render/html/html.ts";
import { axisMarks, axisOf, floorMarks, whiskerMarks, zeroMark } from "../../render/svg/dot-whisker.ts";
import { svgDrawing, svgText } from "../../render/svg/svg.ts";
import { EVALUATION_MARKS } from "./marks.ts";
import { decimalsOf, fixed, inOrder, type SettingView, settingViews, shownName } from "./view.ts";

export interface EvaluationFigureOptions {
  /** Default: srg, or the first there is. */
  readonly metric?: string;
  /** Panels at most, in the order of the settings; default 2. */
  readonly panels?: number;
}

const [ROW, TOP, CHARACTER] = [26, 58, 7.8];
const [PANEL, NUMBER, GAP] = [250, 56, 28];

/** A drawing of its own (SVG), light and dark. Methods stand in the order of the first panel. "" where the result has no score. */
export const evaluationFigure = (
  result: EvaluationResult,
  { metric = "srg", panels = 2 }: EvaluationFigureOptions = {},
): string => {
  const views = settingViews(result);
  const own = views.filter((view) => view.metric === metric);
  const shown = (own.length > 0 ? own : views.slice(0, 1)).slice(0, panels);
  const [first] = shown;
  if (first === undefined) return "";
  const { summary, data, model } = result;
  const methods = inOrder(summary, first.tables[0]!);
  const left = Math.ceil(maxOf(methods.map((method) => shownName(method).length)) * CHARACTER) + 20;
  const bounds = shown.flatMap(({ tables: [view] }) =>
    [...view!.summary.methods, ...(view!.summary.floor ? [view!.summary.floor] : [])].flatMap(({ low, high }) => [low, high]),
  );
  const bottom = TOP + methods.length * ROW;
  const width = left + shown.length * (PANEL + NUMBER) + (shown.length - 1) * GAP + 8;
  const { score, direction } = first.tables[0]!.table;
  const panel = (view: SettingView, p: number): readonly Html[] => {
    const from = left + p * (PANEL + NUMBER + GAP);
    const axis = axisOf(bounds, from, from + PANEL);
    const { summary: own } = view.tables[0]!;
    const decimals = decimalsOf(own.methods.map(({ mean }) => mean));
    const rows = methods.flatMap((method, m) => {
      const found = own.methods.find((other) => other.method === method.method && other.random === method.random);
      const y = TOP + m * ROW + ROW / 2;
      return found
        ? [
            ...whiskerMarks(axis, found, y, found.random),
            svgText(fixed(found.mean, decimals), { x: from + PANEL + NUMBER - 4, y: y + 4.5, anchor: "end" }),
          ]
        : [];
    });
    return [
      svgText(view.kind === "" ? view.metric : view.kind, { x: from, y: TOP - 10, bold: true }),
      ...(own.floor ? floorMarks(axis, own.floor, TOP, bottom) : []),
      zeroMark(axis, TOP, bottom),
      ...rows,
      ...axisMarks(axis, bottom),
    ];
  };
  const name = (method: MethodSummary, m: number) =>
    svgText(shownName(method), { x: left - 12, y: TOP + m * ROW + ROW / 2 + 4.5, anchor: "end", muted: method.random });
  const title = `${score} of ${model.name}, ${data.count} samples${direction ? `; ${direction} is better` : ""}`;
  const note = `whiskers: ${fixed(100 * summary.confidence, 0)} % intervals; band: where the mean of random maps lies`;
  const spoken = methods.map((method) => `${shownName(method)} ${fixed(method.mean, 3)}`).join(", ");
  const marks = [
    svgText(title, { x: 8, y: 22, bold: true }),
    ...methods.map(name),
    ...shown.flatMap(panel),
    svgText(note, { x: 8, y: bottom + 44, muted: true }),
  ];
  const label = `${title}; ${first.name}: ${spoken}`;
  return String(svgDrawing({ width, height: bottom + 50, label, marks, style: EVALUATION_MARKS }));
};

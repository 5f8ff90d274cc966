/** Signed bars for narrow places: a name and its number on one line, the bar below them across all of the width. */
import { maxOf, minOf } from "../../numeric/extremes.ts";
import { type Bar, restName, strongest } from "../bars.ts";
import type { Figure, Mark } from "../figure/figure.ts";
import { fitted, roomFor } from "../figure/text-size.ts";
import { limitOf } from "../pieces.ts";
import { signedNumber, typeset } from "../signed.ts";

export interface StackedBarsOptions {
  readonly count: number;
  /** px */
  readonly width: number;
  /** A line above the bars. */
  readonly title?: string | undefined;
  /** Where the bars and the colours end at least. */
  readonly range?: { readonly limit: number; readonly signed: boolean } | undefined;
}

const [ROW, BAR, EDGE, TITLE] = [38, 14, 4, 30];

export const stackedBars = (bars: readonly Bar[], { count, width, range, title }: StackedBarsOptions): Figure => {
  const { shown, rest } = strongest(bars, count);
  const values = shown.map(({ value }) => value);
  const limit = Math.max(limitOf(values), range?.limit ?? 0);
  const [low, high] = [minOf(values, range?.signed ? -limit : 0), maxOf(values, range ? limit : 0)];
  const top = title ? TITLE : 0;
  const x = (value: number) => EDGE + (high === low ? 0 : ((value - low) / (high - low)) * (width - 2 * EDGE));
  const line = (name: string, number: string, y: number, otherwise: string): readonly Mark[] => {
    const room = width - 2 * EDGE - roomFor(number) - 12;
    return [
      { kind: "text", text: fitted(name, room), otherwise, x: EDGE, y: y + 15 },
      { kind: "text", text: number, x: width - EDGE, y: y + 15, anchor: "end", tone: "muted" },
    ];
  };
  const marks = shown.flatMap(({ name, given, value }, i): readonly Mark[] => {
    const y = top + i * ROW;
    const number = signedNumber(value);
    const [from, to] = [Math.min(x(0), x(value)), Math.max(x(0), x(value))];
    const box = { x: from, y: y + 19, width: Math.max(0.5, to - from), height: BAR, round: 1 };
    return [
      ...line(given === undefined ? name : `${name} = ${typeset(given)}`, number, y, `feature ${i + 1}`),
      { kind: "rect", ...box, tone: { value, limit }, title: number },
      {
        kind: "line",
        points: [
          [x(0), y + 17],
          [x(0), y + 21 + BAR],
        ],
        tone: "line",
      },
    ];
  });
  const told = rest ? line(restName(rest), `${signedNumber(rest.value)} together`, top + shown.length * ROW, "others") : [];
  const above: readonly Mark[] = title
    ? [{ kind: "text", text: fitted(title, width - 2 * EDGE, { bold: true }), x: EDGE, y: 18, bold: true }]
    : [];
  const height = top + shown.length * ROW + (rest ? 22 : 0) + 4;
  return { width, height, label: `relevance of ${bars.length} features`, marks: [...above, ...marks, ...told] };
};

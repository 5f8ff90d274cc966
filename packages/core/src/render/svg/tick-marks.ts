import type { Mark } from "../figure/figure.ts";
import { axisNumber } from "./svg.ts";

interface TickPlaces {
  /** Where a value lies. */
  x(value: number): number;
  readonly bottom: number;
  /** Behind each number. */
  readonly unit?: string;
}

/** Ticks of a horizontal axis, their numbers below. */
export const tickMarks = (values: readonly number[], { x, bottom, unit = "" }: TickPlaces): readonly Mark[] =>
  values.flatMap((tick): Mark[] => [
    {
      kind: "line",
      points: [
        [x(tick), bottom],
        [x(tick), bottom + 5],
      ],
      tone: "line",
    },
    {
      kind: "text",
      text: unit === "" ? axisNumber(tick) : `${axisNumber(tick)} ${unit}`,
      x: x(tick),
      y: bottom + 22,
      anchor: "middle",
      tone: "muted",
    },
  ]);

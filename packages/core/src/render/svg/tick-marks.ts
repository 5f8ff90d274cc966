import type { Mark } from "../figure/figure.ts";
import { axisNumber } from "./svg.ts";

/** Ticks of a horizontal axis at the height `bottom`, their numbers below. `x`: where a value lies. */
export const tickMarks = (values: readonly number[], x: (value: number) => number, bottom: number): readonly Mark[] =>
  values.flatMap((tick): Mark[] => [
    {
      kind: "line",
      points: [
        [x(tick), bottom],
        [x(tick), bottom + 5],
      ],
      tone: "line",
    },
    { kind: "text", text: axisNumber(tick), x: x(tick), y: bottom + 22, anchor: "middle", tone: "muted" },
  ]);

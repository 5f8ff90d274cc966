/** Relevance of many things for many others as a matrix: a row each for what is explained, a column each for what it is explained by. */
import { maxOf } from "../../numeric/extremes.ts";
import type { Figure, Mark } from "../figure/figure.ts";
import { figureSvg } from "../figure/svg-figure.ts";
import { fitted, roomFor } from "../figure/text-size.ts";
import { matrixLimit } from "../pieces.ts";
import { signedNumber } from "../signed.ts";

export interface Matrix {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** By row. */
  readonly values: readonly ArrayLike<number>[];
}

const ROW = 24;
const GAP = 2;
const [LEAST, MOST, NAMES] = [24, 120, 280];

/** Colours end at `matrixLimit`. */
export const matrixFigure = ({ rows, columns, values }: Matrix, title = ""): Figure => {
  const limit = matrixLimit(values);
  const left =
    Math.min(
      NAMES,
      maxOf(
        rows.map((name) => roomFor(name)),
        LEAST,
      ),
    ) + 16;
  const widths = columns.map((name) => Math.min(MOST, Math.max(LEAST, roomFor(name) + 8)));
  const starts = widths.map((_, k) => widths.slice(0, k).reduce((sum, width) => sum + width + GAP, left));
  const top = (title === "" ? 0 : 32) + ROW + 4;
  const marks: Mark[] = [
    ...(title === "" ? [] : [{ kind: "text", text: title, x: 8, y: 22, bold: true } as const]),
    ...columns.map(
      (name, k): Mark => ({
        kind: "text",
        text: fitted(name, widths[k]!),
        otherwise: String(k + 1),
        x: starts[k]! + widths[k]! / 2,
        y: top - 8,
        anchor: "middle",
      }),
    ),
    ...rows.flatMap((name, i): readonly Mark[] => [
      {
        kind: "text",
        text: fitted(name, left - 16),
        otherwise: `row ${i + 1}`,
        x: left - 8,
        y: top + i * (ROW + GAP) + 17,
        anchor: "end",
      },
      ...Array.from(
        values[i]!,
        (value, k): Mark => ({
          kind: "rect",
          ...{ x: starts[k]!, y: top + i * (ROW + GAP), width: widths[k]!, height: ROW },
          tone: value === 0 || limit === 0 ? "zero" : { value, limit },
          title: `${name}, ${columns[k]}: ${signedNumber(value)}`,
        }),
      ),
    ]),
  ];
  const bottom = top + rows.length * (ROW + GAP);
  const right = (starts.at(-1) ?? left) + (widths.at(-1) ?? 0);
  return {
    width: Math.ceil(Math.max(right, roomFor(title, { bold: true })) + 16),
    height: bottom + 8,
    label: `relevance of ${columns.length} columns for ${rows.length} rows`,
    marks,
  };
};

/** The same as an SVG drawing, light and dark. */
export const matrixChart = (matrix: Matrix, title = ""): string => figureSvg(matrixFigure(matrix, title));

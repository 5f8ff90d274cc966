/** Two inputs side by side, lines between the parts that make them alike or unlike, and below them what each part adds up to. */
import type { Raster } from "../../formats/raster.ts";
import { maxOf } from "../../numeric/extremes.ts";
import { coloured } from "../colour/ink.ts";
import { coloursOf } from "../look.ts";
import { legend } from "../picture/legend.ts";
import { limitOf } from "../pieces.ts";
import { createRaster, scale } from "../raster/canvas.ts";
import { heatmap } from "../raster/heatmap.ts";
import { overlay } from "../raster/overlay.ts";
import { signedNumber } from "../signed.ts";
import { type Figure, type Mark, moved } from "./figure.ts";
import { fitted, roomFor } from "./text-size.ts";

/** One of the two inputs: a grid over a picture, or parts with names. */
export interface PairSide {
  readonly title: string;
  /** Cells along the rows and columns of a picture; absent: parts one below the other. */
  readonly grid?: readonly [rows: number, columns: number];
  readonly picture?: Raster | undefined;
  /** Of parts without a grid. */
  readonly names?: readonly string[];
  /** Σ of the pairs of each cell, `[cells]`. */
  readonly marginal: ArrayLike<number>;
}

export interface PairLine {
  readonly cells: readonly [number, number];
  readonly relevance: number;
}

export interface PairFigureOptions {
  readonly title: string;
  readonly subtitle?: string;
  /** The strongest first. */
  readonly lines: readonly PairLine[];
}

const [SIDE, GAP, MARGIN, ROW] = [280, 120, 16, 26];
const [TITLE, HEAD] = [52, 20];

interface Drawn {
  readonly marks: readonly Mark[];
  readonly height: number;
  /** Where a line ends: of the left input, of the right one. */
  end(cell: number, left: boolean): readonly [number, number];
}

/** Colours of lines end at the strongest; those of the marginals at the largest |Σ| of both. */
export const pairFigure = (sides: readonly [PairSide, PairSide], { title, subtitle = "", lines }: PairFigureOptions): Figure => {
  const strongest = maxOf(
    lines.map(({ relevance }) => Math.abs(relevance)),
    0,
  );
  const limit = limitOf(sides.flatMap(({ marginal }) => Array.from(marginal)));
  const [one, two] = sides.map((side) => (side.grid ? gridSide(side, side.grid, limit) : listSide(side, limit))) as [
    Drawn,
    Drawn,
  ];
  const right = SIDE + GAP;
  const width = right + SIDE;
  const ends = lines.map(({ cells: [a, b], relevance }) => {
    const [from, to] = [one.end(a, true), two.end(b, false)];
    return { points: [from, [to[0] + right, to[1]] as const], relevance };
  });
  // The strongest is drawn last, above the others.
  const drawnLines = ends
    .filter(({ relevance }) => relevance !== 0)
    .reverse()
    .map(
      ({ points, relevance }): Mark => ({
        kind: "line",
        points,
        tone: { value: relevance, limit: strongest },
        width: 1 + (3 * Math.abs(relevance)) / strongest,
      }),
    );
  const height = Math.max(one.height, two.height);
  const told = [
    `${lines.length} strongest pairs; the strongest ${signedNumber(lines[0]?.relevance ?? 0)}`,
    "colours of parts: the sum of their pairs",
  ];
  const bar = legend(
    [plane(sides[0].marginal), plane(sides[1].marginal)],
    { limit, signed: true, invalid: 0 },
    { width: SIDE, colors: coloursOf({}, { signed: true }), sides: SIMILAR, size: 11, lines: told },
  );
  const marks: Mark[] = [
    {
      kind: "text",
      text: fitted(title, width, { size: 16, bold: true }),
      otherwise: "similarity",
      x: 0,
      y: 15,
      size: 16,
      bold: true,
    },
    { kind: "text", text: fitted(subtitle, width, { size: 11 }), x: 0, y: 34, size: 11, tone: "muted" },
    ...moved([...one.marks, ...moved(two.marks, right, 0), ...drawnLines], 0, TITLE),
    ...moved(bar.marks, 0, TITLE + height + 16),
  ];
  return {
    width: width + 2 * MARGIN,
    height: TITLE + height + 16 + bar.height + 2 * MARGIN,
    label: `${title}: ${lines.length} pairs of parts`,
    marks: moved(marks, MARGIN, MARGIN),
  };
};

const SIMILAR = { for: "makes them alike", against: "makes them unlike" };

const plane = (values: ArrayLike<number>) => ({ width: values.length, height: 1, values: Float32Array.from(values) });

const heading = (text: string): Mark => ({
  kind: "text",
  text: fitted(text, SIDE, { size: 13, bold: true }),
  otherwise: "input",
  ...{ x: 0, y: 13, size: 13, bold: true },
});

/** The picture, and its marginal as a map below. */
const gridSide = ({ title, picture, marginal }: PairSide, [rows, columns]: readonly [number, number], limit: number): Drawn => {
  const ratio = picture ? picture.height / picture.width : rows / columns;
  const [width, height] = ratio > 1 ? [SIDE / ratio, SIDE] : [SIDE, SIDE * ratio];
  const map = { width: columns, height: rows, values: Float32Array.from(marginal) };
  const range = { limit, signed: true, invalid: 0 };
  const size = [Math.round(2 * width), Math.round(2 * height)] as const;
  const input = picture
    ? scale(picture, ...size, picture.width < width ? "nearest" : "smooth")
    : createRaster(...size, [236, 236, 236]);
  const below = picture ? overlay(input, map, range) : scale(heatmap(map, range), ...size, "nearest");
  const framed = (raster: Raster, y: number): readonly Mark[] => [
    { kind: "image", x: 0, y, width, height, raster },
    {
      kind: "line",
      points: [
        [0, y],
        [width, y],
        [width, y + height],
        [0, y + height],
        [0, y],
      ],
      tone: "line",
      width: 0.5,
    }, // prettier-ignore
  ];
  return {
    marks: [heading(title), ...framed(input, HEAD), ...framed(below, HEAD + height + 12)],
    height: HEAD + 2 * height + 12,
    end: (cell) => [((cell % columns) + 0.5) * (width / columns), HEAD + (Math.floor(cell / columns) + 0.5) * (height / rows)],
  };
};

/** Parts one below the other, each on the colour of its sum; lines begin where their names end. */
const listSide = ({ title, names, marginal }: PairSide, limit: number): Drawn => {
  const texts = Array.from(marginal, (_, i) => fitted(names?.[i] ?? String(i), SIDE - 12));
  const widths = texts.map((text) => roomFor(text) + 12);
  const y = (i: number) => HEAD + i * ROW;
  return {
    marks: [
      heading(title),
      ...texts.flatMap((text, i): readonly Mark[] => {
        const { ground, ink } = coloured(coloursOf({}, { signed: true }), marginal[i]!, limit);
        const rect = { kind: "rect", x: 0, y: y(i), width: widths[i]!, height: ROW - 4, round: 3 } as const;
        return [
          { ...rect, tone: ground, title: `${text}: ${signedNumber(marginal[i]!)}` },
          { kind: "text", text, otherwise: String(i), x: 6, y: y(i) + 16, tone: ink },
        ];
      }),
    ],
    height: HEAD + texts.length * ROW,
    end: (cell, left) => [left ? widths[cell]! : 0, y(cell) + (ROW - 4) / 2],
  };
};

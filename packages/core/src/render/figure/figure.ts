/** A drawing before it has a format: marks at places, written as SVG, as a raster or as PDF by the files beside this one. */
import type { Raster } from "../../formats/raster.ts";
import type { Rgb } from "../colour/oklab.ts";
import type { Point } from "../svg/point.ts";

/** A colour by what it says, so that each format and appearance has its own; or a fixed one. */
export type Tone = "ink" | "muted" | "line" | "zero" | Rgb | { readonly value: number; readonly limit: number };

export interface TextMark {
  readonly kind: "text";
  readonly text: string;
  /** What is written where no font has the letters. */
  readonly otherwise?: string;
  /** The end named by `anchor`, on the base line. */
  readonly x: number;
  readonly y: number;
  /** Default 14. */
  readonly size?: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly bold?: boolean;
  /** Default "ink". */
  readonly tone?: Tone;
  /** Drawn exactly this wide. */
  readonly width?: number;
  readonly mono?: boolean;
}

export interface RectMark {
  readonly kind: "rect";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly tone: Tone;
  /** Radius of its corners, where the format has some. */
  readonly round?: number;
  /** For those who point at it. */
  readonly title?: string;
}

export interface LineMark {
  readonly kind: "line";
  readonly points: readonly Point[];
  readonly tone: Tone;
  /** Default 1. */
  readonly width?: number;
}

export interface ImageMark {
  readonly kind: "image";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly raster: Raster;
}

export type Mark = TextMark | RectMark | LineMark | ImageMark;

export interface Figure {
  /** px */
  readonly width: number;
  readonly height: number;
  /** What a screen reader says. */
  readonly label: string;
  readonly marks: readonly Mark[];
  /** Pixels of a raster for one px; default 2. */
  readonly scale?: number;
  /** Light ink on a dark ground, whoever looks. Default: white, and in SVG as the viewer's appearance. */
  readonly dark?: boolean;
}

/** The same marks elsewhere. */
export const moved = (marks: readonly Mark[], dx: number, dy: number): readonly Mark[] =>
  dx === 0 && dy === 0
    ? marks
    : marks.map((mark) =>
        mark.kind === "line"
          ? { ...mark, points: mark.points.map(([x, y]): Point => [x + dx, y + dy]) }
          : { ...mark, x: mark.x + dx, y: mark.y + dy },
      );

/** Figures in a row, in one. */
export const beside = (figures: readonly Figure[], gap = 24): Figure => placed(figures, gap, true);

/** Figures one below the other. */
export const below = (figures: readonly Figure[], gap = 24): Figure => placed(figures, gap, false);

const placed = (figures: readonly Figure[], gap: number, inRow: boolean): Figure => {
  let at = 0;
  const marks: Mark[] = [];
  for (const figure of figures) {
    for (const mark of moved(figure.marks, inRow ? at : 0, inRow ? 0 : at)) marks.push(mark);
    at += (inRow ? figure.width : figure.height) + gap;
  }
  const along = Math.max(0, at - gap);
  const across = figures.reduce((most, { width, height }) => Math.max(most, inRow ? height : width), 0);
  const [first] = figures;
  return {
    width: inRow ? along : across,
    height: inRow ? across : along,
    label: figures.map(({ label }) => label).join("; "),
    marks,
    ...(first?.scale !== undefined && { scale: first.scale }),
    ...(figures.some(({ dark }) => dark) && { dark: true }),
  };
};

/** How exactly a figure's pictures are told, so that its file keeps to a size. */
export interface Coarseness {
  /** Bytes of the whole file. */
  readonly aim: number;
  /** How far a value of a photograph may be off, of 255. */
  readonly most: number;
  /** Maps may be off, too, where a format has all of them in one picture. */
  readonly maps?: boolean;
  /** How much smaller photographs are, where a format has them by themselves. */
  readonly shrink?: number;
}

export const FINE: Coarseness = { aim: 280_000, most: 5 };

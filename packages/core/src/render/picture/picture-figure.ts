/** Maps of one picture as a figure: what the model saw, each map under its title, one legend and one scale for all. */

import type { Raster } from "../../formats/raster.ts";
import type { Visits } from "../../plan/visits.ts";
import type { ColorMap } from "../colour/colormap.ts";
import { type Figure, type Mark, moved, type TextMark } from "../figure/figure.ts";
import { fitted } from "../figure/text-size.ts";
import { coloursOf, isDark, type Look } from "../look.ts";
import { percent } from "../percent.ts";
import { type Area, drawOutline } from "../raster/outline.ts";
import type { Box } from "../raster/overlay.ts";
import type { Plane, Range } from "../raster/plane.ts";
import { captions, endLabels, legend, type Sides } from "./legend.ts";
import { type Panels, panelsOf } from "./panels.ts";
import { sharedRange, shownPlane, shownRange } from "./shown.ts";

export interface PictureMap {
  /** "tiger cat  38.8 %" */
  readonly title: string;
  /** The title where no font has its letters. */
  readonly otherwise?: string;
  /** What wins where something else is explained, below the title: "tiger cat  9.1 (winner)". */
  readonly winner?: { readonly title: string; readonly otherwise: string };
  /** "gamma-depth, seed log-odds" */
  readonly subtitle?: string;
  readonly plane: Plane;
  /** What was asked about: its border is drawn, where the map lies on the whole picture. */
  readonly area?: Area;
}

export interface PictureOptions {
  /** What the model saw, in any size: the map is stretched over it, or over the part of it that `seen` says. */
  readonly picture?: Raster | undefined;
  /** Where the map lies on the picture, in its pixels. */
  readonly seen?: Box | undefined;
  readonly look?: Look | undefined;
  readonly sides?: Sides | undefined;
  readonly visits?: Visits | undefined;
  /** Σ R at the input over the seed, told in the legend. */
  readonly share?: number | undefined;
  /** Least side of a panel in pixels of a raster; panels are whole multiples of the plane's size. Default 420. */
  readonly side?: number;
  /** Shared with maps that are drawn elsewhere; default: that of these maps. */
  readonly range?: Range;
  /** Sum over cells of this many pixels a side, for maps that are noisy from pixel to pixel. Default 1. */
  readonly cell?: number;
}

/** Of several maps, each under its class. */
export const ABOVE: Sides = { for: "for the class", against: "against it" };

const SCALE = 2;
const MARGIN = 14;
const GAP = 10;
const SIZE = 11;
const [TITLE, TITLE_ROW, ROW] = [16, 22, 15];
/** A legend needs some room however narrow the map, and gains nothing by more. */
const [NARROWEST, WIDEST_BAR] = [170, 320];

/** Panels of each map, drawn in one range, outlined what was asked about, with what was done to the planes. */
export const drawnMaps = (maps: readonly Pick<PictureMap, "plane" | "area">[], options: PictureOptions) => {
  const { look = {}, picture, seen, visits, side = 420, cell = 1 } = options;
  const shown = maps.map(({ plane }) => shownPlane(plane, look, visits));
  const several = maps.length > 1 || options.range !== undefined;
  // A single map has its own.
  const range = options.range ?? (several ? sharedRange(shown.map(({ plane }) => shownRange(plane, look, cell))) : undefined);
  const drawn = shown.map(({ plane }) => panelsOf(plane, { picture, seen, look, range, side, cell }));
  for (const [k, { area }] of maps.entries())
    if (area !== undefined && seen === undefined) for (const { raster } of drawn[k]!.panels) drawOutline(raster, area);
  const cover = look.style === "masked" && picture !== undefined;
  const colors = cover ? coverOf(look) : coloursOf(look, drawn[0]!.range);
  // A masked picture says it itself.
  const against = !cover && drawn.some(({ range: { signed } }) => signed) && !colors.signed;
  const lines = [...(shown[0]?.lines ?? []), ...(against ? ["what speaks against is not shown"] : [])];
  const own = range ?? drawn[0]!.range;
  return {
    drawn,
    colors,
    range: own,
    lines: [...captions(own, drawn[0]!.unit, several), ...lines],
    /** What stands at the ends of the colours. */
    ends: endLabels(
      drawn.map(({ plane }) => plane),
      { ...own, signed: colors.signed },
    ),
  };
};

/** How much of the picture is seen, from none to all, in grey. */
const coverOf = (look: Look): ColorMap => {
  const [from, to] = isDark(look) ? [20, 230] : [255, 60];
  const table = Uint8Array.from({ length: 768 }, (_, i) => from + ((to - from) * Math.floor(i / 3)) / 255);
  return { name: "cover", signed: false, table };
};

/** One map: its panels side by side. Several: a column each, what the model saw at the left once. */
export const pictureFigure = (maps: readonly PictureMap[], options: PictureOptions = {}): Figure => {
  const { look = {}, sides, share } = options;
  const { drawn, colors, range, lines } = drawnMaps(maps, options);
  const several = maps.length > 1;
  const columns = several ? columnsOf(maps, drawn) : [{ title: maps[0]!, panels: [...drawn[0]!.panels], inRow: true }];
  const marks: Mark[] = [];
  let [x, bottom, legendAt] = [0, 0, 0];
  let first = true;
  for (const { title, panels, inRow } of columns) {
    const sizes = panels.map(({ raster }) => [raster.width / SCALE, raster.height / SCALE] as const);
    const widths = sizes.map(([width]) => width);
    const width = inRow ? widths.reduce((a, b) => a + b + GAP, -GAP) : widths.reduce((most, wide) => Math.max(most, wide), 0);
    const head =
      title === undefined
        ? { marks: [], height: headHeight(maps) }
        : heading(title, Math.max(width, NARROWEST), headHeight(maps));
    for (const mark of moved(head.marks, x, 0)) marks.push(mark);
    let [left, top] = [x, head.height];
    panels.forEach(({ name, raster }, i) => {
      const [wide, high] = sizes[i]!;
      if (panels.length > 1 || title === undefined || name === "what speaks for it")
        marks.push({
          kind: "text",
          text: fitted(name, wide, { size: SIZE }),
          x: left + wide / 2,
          y: top + SIZE,
          size: SIZE,
          anchor: "middle",
          tone: "muted",
        });
      const at = top + ROW;
      marks.push({ kind: "image", x: left, y: at, width: wide, height: high, raster });
      const edge = [
        [left, at],
        [left + wide, at],
        [left + wide, at + high],
        [left, at + high],
        [left, at],
      ] as const;
      marks.push({ kind: "line", points: edge, tone: "line", width: 0.5 });
      if (name !== "input" && first) {
        legendAt = left;
        first = false;
      }
      bottom = Math.max(bottom, at + high);
      if (inRow) left += wide + GAP;
      else top = at + high + GAP / 2;
    });
    x += Math.max(width, title === undefined ? width : Math.min(NARROWEST, WIDEST_BAR)) + GAP;
  }
  const [main] = drawn as [Panels];
  const wide = (main.panels.find(({ name }) => name !== "input")?.raster.width ?? 0) / SCALE;
  const bar = legend(
    drawn.map(({ plane }) => plane),
    range,
    {
      width: Math.max(NARROWEST, Math.min(WIDEST_BAR, wide)),
      colors,
      sides: sides && (several ? ABOVE : sides),
      size: SIZE - 1,
      lines: [
        ...lines,
        ...(share === undefined || !Number.isFinite(share) ? [] : [`${percent(100 * share)} of the seed reached the input`]),
      ],
    },
  );
  for (const mark of moved(bar.marks, legendAt, bottom + GAP)) marks.push(mark);
  const right = Math.max(x - GAP, legendAt + bar.width);
  return {
    width: right + 2 * MARGIN,
    height: bottom + GAP + bar.height + 2 * MARGIN,
    label: maps.map(({ title }) => `relevance: ${title}`).join("; "),
    marks: moved(marks, MARGIN, MARGIN),
    scale: SCALE,
    ...(isDark(look) && { dark: true }),
  };
};

const columnsOf = (maps: readonly PictureMap[], drawn: readonly Panels[]) => {
  const input = drawn[0]!.panels.find(({ name }) => name === "input");
  return [
    ...(input ? [{ title: undefined, panels: [input], inRow: false }] : []),
    ...maps.map((title, k) => ({ title, panels: drawn[k]!.panels.filter(({ name }) => name !== "input"), inRow: false })),
  ];
};

const headHeight = (maps: readonly PictureMap[]): number =>
  TITLE_ROW + ROW * maps.reduce((most, map) => Math.max(most, linesOf(map).length), 0) + 4;

/** Below the title. */
const linesOf = ({ winner, subtitle }: PictureMap): readonly Pick<TextMark, "text" | "otherwise">[] => [
  ...(winner ? [{ text: winner.title, otherwise: winner.otherwise }] : []),
  ...(subtitle ? [{ text: subtitle }] : []),
];

const heading = (map: PictureMap, width: number, height: number) => {
  const { title, otherwise } = map;
  const marks: Mark[] = [
    {
      kind: "text",
      text: fitted(title, width, { size: TITLE, bold: true }),
      ...(otherwise !== undefined && { otherwise }),
      x: 0,
      y: 15,
      size: TITLE,
      bold: true,
    },
    ...linesOf(map).map(
      ({ text, ...rest }, i): Mark => ({
        kind: "text",
        text: fitted(text, width, { size: SIZE }),
        ...rest,
        ...{ x: 0, y: TITLE_ROW + SIZE + i * ROW, size: SIZE, tone: "muted" },
      }),
    ),
  ];
  return { marks, height };
};

/** Frames of a sound, one picture above the other: seconds below, hertz at the side. */
import {
  type Figure,
  figureSvg,
  heatmap,
  type Mark,
  type Plane,
  type Range,
  type Raster,
  scaleRaster,
  tickMarks,
  ticks,
} from "@backlit/core";
import { atWidths } from "../report/widths.ts";
import type { SoundSample } from "../samples/sample.ts";
import { greys } from "./greys.ts";
import type { Heading } from "./heading.ts";
import { legendHtml, type Meaning, withLegend } from "./legend.ts";
import { titleMarks } from "./title-marks.ts";
import type { FigureOptions, HtmlParts, Scale } from "./view.ts";

interface Frames {
  readonly heading?: Partial<Heading> | undefined;
  /** Equally large, the highest band on top. */
  readonly pictures: readonly Raster[];
  /** Seconds at the first frame, and from frame to frame. */
  readonly first: number;
  readonly step: number;
  /** Hertz of each band, ascending. */
  readonly bands?: readonly number[] | undefined;
  /** px of a picture. */
  readonly width: number;
  readonly label: string;
}

const [LEFT, RIGHT, GAP, HEIGHT, SIZE, BELOW] = [76, 16, 10, 240, 12, 34];
const OCTAVES = [62.5, 125, 250, 500, 1000, 2000, 4000, 8000, 16000];
/** px that a label needs. */
const ROOM = 18;

const framesFigure = ({ heading = {}, pictures, first, step, bands, width, label }: Frames): Figure => {
  const top = heading.title === undefined ? 8 : 40;
  const frames = pictures[0]!.width;
  const x = (second: number) => LEFT + (width * (0.5 + (second - first) / step)) / frames;
  const bottom = top + pictures.length * (HEIGHT + GAP) - GAP;
  const places = bands === undefined ? [] : octavePlaces(bands);
  const marks: Mark[] = [
    ...titleMarks(heading, LEFT),
    ...pictures.flatMap((picture, k): readonly Mark[] => {
      const y = top + k * (HEIGHT + GAP);
      return [
        { kind: "image", x: LEFT, y, width, height: HEIGHT, raster: enlarged(picture, width) },
        ...places.flatMap(({ hertz, place }): readonly Mark[] => {
          const at = y + HEIGHT * (1 - place);
          const line: Mark = {
            kind: "line",
            points: [
              [LEFT - 5, at],
              [LEFT, at],
            ],
            tone: "line",
          };
          const text = `${hertz} Hz`;
          return [line, { kind: "text", text, x: LEFT - 8, y: at + 4, size: SIZE, anchor: "end", tone: "muted" }];
        }),
      ];
    }),
    ...tickMarks(ticks(first, first + step * Math.max(0, frames - 1), Math.max(2, Math.floor(width / 120))), {
      x,
      bottom,
      unit: "s",
    }),
  ];
  return { width: LEFT + width + RIGHT, height: bottom + BELOW, label, marks };
};

/** Octaves that lie within the bands, as a part of the height from below; not closer than their labels are high. */
const octavePlaces = (bands: readonly number[]): readonly { readonly hertz: number; readonly place: number }[] => {
  const placed = OCTAVES.flatMap((hertz) => {
    const above = bands.findIndex((band) => band >= hertz);
    if (above < 1) return [];
    const [low, high] = [bands[above - 1]!, bands[above]!];
    return [{ hertz, place: (above - 0.5 + (hertz - low) / (high - low)) / bands.length }];
  });
  const kept: (typeof placed)[number][] = [];
  for (const one of placed.reverse()) if (kept.every(({ place }) => (place - one.place) * HEIGHT >= ROOM)) kept.push(one);
  return kept;
};

/** Frames and bands stay squares. */
const enlarged = (picture: Raster, width: number): Raster => {
  const times = (pixels: number, own: number) => own * Math.max(1, Math.ceil((2 * pixels) / own));
  return scaleRaster(picture, times(width, picture.width), times(HEIGHT, picture.height), "nearest");
};

/** What the model heard and its relevance, the highest band on top. */
interface Drawn {
  readonly plane: Plane;
  readonly heard: Plane;
  readonly range: Range;
  readonly sound: SoundSample;
  readonly meaning: Meaning;
}

/** px of the pictures, on a phone too. */
const [WIDE, NARROW] = [860, 260];

interface Given {
  readonly heading?: Partial<Heading>;
  readonly scale?: Scale | undefined;
  readonly input?: boolean | undefined;
  readonly width?: number;
}

const drawn = ({ plane, heard, range, sound }: Drawn, { heading, scale, input = true, width = WIDE }: Given): Figure => {
  const { first, step, bands } = sound;
  const shown = heatmap(plane, { ...range, ...scale });
  const pictures = input ? [greys([heard])[0]!, shown] : [shown];
  const label = "what the model heard above its relevance, time from left to right";
  return framesFigure({ heading, width, pictures, first, step, bands, label });
};

export const soundHtml = (of: Drawn, { scale, input }: { readonly scale?: Scale; readonly input?: boolean } = {}): HtmlParts => ({
  body: atWidths(({ width }) => figureSvg(drawn(of, { scale, input, width: width === undefined ? WIDE : NARROW }))),
  legend: legendHtml(of.meaning, scale),
});

export const soundFigure = (of: Drawn, { scale, ...heading }: FigureOptions = {}): Figure =>
  withLegend(drawn(of, { heading, scale }), of.meaning, scale);

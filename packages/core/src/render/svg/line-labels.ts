/** Where names of lines may stand: beside their line, on nothing else. */
import { maxOf, minOf } from "../../numeric/extremes.ts";
import type { Point } from "./point.ts";

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface NamedLine {
  readonly name: string;
  readonly tone: number;
  readonly points: readonly Point[];
}

export interface PlacedLabel {
  readonly name: string;
  readonly tone: number;
  /** Middle and base line of the text. */
  readonly x: number;
  readonly y: number;
}

const [CHARACTER, ASCENT, DESCENT] = [8.6, 10, 3];
const PLACES = 24;
const GAPS = [6, 10, 16];
/** Costs above this are no place for a name. */
const TOO_MUCH = 60;

/** A label for each line that has room for one within the box: of all places the one that covers least and is nearest to its line. */
export const placeLabels = (lines: readonly NamedLine[], box: Box): readonly PlacedLabel[] => {
  const samples = lines.map(({ points }) => dense(points));
  const taken: Box[] = [];
  return lines.flatMap(({ name, tone }, i): PlacedLabel[] => {
    const half = (name.length * CHARACTER) / 2;
    const others = samples.flatMap((points, k) => (k === i ? [] : points));
    let best: { cost: number; x: number; y: number; area: Box } | undefined;
    for (let k = 0; k <= PLACES; k++) {
      const x = box.left + half + 4 + (k / PLACES) * Math.max(0, box.right - box.left - 2 * half - 8);
      const [least, most] = spanOf(samples[i]!, x - half, x + half);
      for (const gap of GAPS)
        for (const y of [least - gap, most + gap + ASCENT]) {
          const area = { left: x - half, right: x + half, top: y - ASCENT, bottom: y + DESCENT };
          const out = Math.max(0, box.top - area.top) + Math.max(0, area.bottom - box.bottom);
          const covered = samples.flat().filter((point) => inside(point, area)).length;
          const middle: Point = [x, y - ASCENT / 2];
          const stray = Math.max(0, nearest(samples[i]!, middle) - nearest(others, middle) + 6);
          const clash = taken.filter((other) => overlap(other, area)).length;
          const cost = 20 * out + 12 * covered + gap + 12 * stray + 200 * clash;
          if (best === undefined || cost < best.cost) best = { cost, x, y, area };
        }
    }
    if (best === undefined || best.cost > TOO_MUCH) return [];
    taken.push(best.area);
    return [{ name, tone, x: best.x, y: best.y }];
  });
};

const nearest = (points: readonly Point[], [x, y]: Point): number =>
  points.reduce((least, [px, py]) => Math.min(least, Math.hypot(px - x, py - y)), 1e3);

/** Points at most about 3 px apart. */
const dense = (points: readonly Point[]): readonly Point[] =>
  points.flatMap(([x, y], k): Point[] => {
    const next = points[k + 1];
    if (next === undefined) return [[x, y]];
    const parts = Math.max(1, Math.ceil(Math.hypot(next[0] - x, next[1] - y) / 3));
    return Array.from({ length: parts }, (_, p): Point => [x + ((next[0] - x) * p) / parts, y + ((next[1] - y) * p) / parts]);
  });

/** Least and largest y between two places; of the nearest point where there is none. */
const spanOf = (points: readonly Point[], from: number, to: number): readonly [number, number] => {
  const within = points.filter(([x]) => x >= from && x <= to);
  const near = within.length > 0 ? within : points.slice(-1);
  const ys = near.map(([, y]) => y);
  return [minOf(ys), maxOf(ys)];
};

const inside = ([x, y]: Point, { left, right, top, bottom }: Box): boolean => x >= left && x <= right && y >= top && y <= bottom;
const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** The `d` of paths, short: tenths of a px, each point as its distance from the one before. */
import type { Point } from "./point.ts";

const tenths = (value: number): number => Math.round(value * 10);

/** 0.5 is ".5", −0.5 is "-.5". */
const written = (value: number): string => String(value / 10).replace(/^(-?)0\./, "$1.");

/** Two numbers; a sign parts them, too. */
const pair = (x: number, y: number): string => (y < 0 ? written(x) + written(y) : `${written(x)} ${written(y)}`);

/** Lines from point to point. Distances are between rounded places, so that nothing adds up. */
export const lineData = (lines: readonly (readonly Point[])[]): string => {
  let [data, left, top] = ["", 0, 0];
  for (const points of lines)
    points.forEach(([x, y], i) => {
      const step = pair(tenths(x) - left, tenths(y) - top);
      [left, top] = [tenths(x), tenths(y)];
      const parted = i < 2 ? "ml"[i] : step.startsWith("-") ? "" : " ";
      data += parted + step;
    });
  return data;
};

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Rectangles; each ends where it began. */
export const boxData = (boxes: readonly Box[]): string => {
  let [data, left, top] = ["", 0, 0];
  for (const { x, y, width, height } of boxes) {
    const [wide, high] = [tenths(x + width) - tenths(x), tenths(y + height) - tenths(y)];
    data += `m${pair(tenths(x) - left, tenths(y) - top)}h${written(wide)}v${written(high)}h${written(-wide)}z`;
    [left, top] = [tenths(x), tenths(y)];
  }
  return data;
};

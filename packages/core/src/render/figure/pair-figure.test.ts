/** Lines begin and end at the parts they are of; colours by sign; the strongest on top. */
import { expect, test } from "vitest";
import type { LineMark } from "./figure.ts";
import { pairFigure } from "./pair-figure.ts";

const words = { title: "a.txt", names: ["the", "cat", "sat"], marginal: [0.1, 0.5, -0.2] };
const picture = { title: "b.png", grid: [2, 2] as const, marginal: [0, 0.4, 0, 0] };

test("lines join words and cells, the strongest drawn last, zero not at all", () => {
  const lines = [
    { cells: [1, 1], relevance: 0.5 },
    { cells: [2, 0], relevance: -0.2 },
    { cells: [0, 3], relevance: 0 },
  ] as const;
  const { marks, width, height, label } = pairFigure([words, picture], { title: "cosine 0.9", lines });
  expect(label).toBe("cosine 0.9: 3 pairs of parts");
  const drawn = marks.filter(
    (mark): mark is LineMark => mark.kind === "line" && typeof mark.tone === "object" && "value" in mark.tone,
  );
  expect(drawn.map(({ tone }) => tone)).toEqual([
    { value: -0.2, limit: 0.5 },
    { value: 0.5, limit: 0.5 },
  ]);
  const cat = marks.find((mark) => mark.kind === "rect" && mark.title?.startsWith("cat"));
  const strongest = drawn[1]!;
  if (cat?.kind !== "rect") throw new Error("no word");
  expect(strongest.points[0]).toEqual([cat.x + cat.width, cat.y + cat.height / 2]);
  const grid = marks.find((mark) => mark.kind === "image" && mark.x > 300);
  if (grid?.kind !== "image") throw new Error("no picture");
  expect(strongest.points[1]).toEqual([grid.x + 0.75 * grid.width, grid.y + 0.25 * grid.height]);
  for (const mark of marks)
    if (mark.kind !== "line") {
      expect(mark.x).toBeLessThanOrEqual(width);
      expect(mark.y).toBeLessThanOrEqual(height);
    }
});

test("two inputs that have nothing in common have no lines, and no colours are stretched", () => {
  const none = { ...picture, marginal: [0, 0, 0, 0] };
  const { marks } = pairFigure([none, none], { title: "cosine 0", lines: [{ cells: [0, 0], relevance: 0 }] });
  expect(marks.some((mark) => mark.kind === "line" && typeof mark.tone === "object")).toBe(false);
});

import { expect, test } from "vitest";
import { inBox } from "./in-box.ts";

test("places fill the box but for its edge; equal ones stand at it", () => {
  const places = [
    [-1, 2],
    [1, 2],
    [0, 2],
  ] as const;
  expect(inBox(places, { width: 100, height: 50, edge: 14 })).toEqual([
    [14, 14],
    [86, 14],
    [50, 14],
  ]);
});

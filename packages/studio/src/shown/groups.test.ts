/** Choosing samples of a plane, their mean map, and the file that `repair` takes. */
import { expect, test } from "vitest";
import { type GroupedSample, groupFile, isInside, meanOf } from "./groups.ts";

test("inside an outline that turns in on itself", () => {
  const horseshoe = [
    [0, 0],
    [10, 0],
    [10, 10],
    [7, 10],
    [7, 3],
    [3, 3],
    [3, 10],
    [0, 10],
  ] as const;
  expect(
    [
      [1, 5],
      [5, 5],
      [8, 9],
      [5, 1],
      [11, 5],
      [-1, 0.5],
    ].map(([x, y]) => isInside(horseshoe, [x!, y!])),
  ).toEqual([true, false, true, true, false, false]);
});

const sample = (name: string, values: readonly number[], grey: number): GroupedSample => ({
  name,
  drawn: {
    kind: "picture",
    plane: { width: 2, height: 1, values: Float32Array.from(values) },
    seen: { width: 2, height: 1, data: new Uint8Array(8).fill(grey) },
  },
});

test("the mean is of shares: a strong map counts as a weak one", () => {
  const mean = meanOf([sample("a", [30, -10], 10), sample("b", [0, 0.5], 20)])!;
  expect(Array.from(mean.plane.values)).toEqual([0.375, 0.375]);
  expect(mean.seen!.data[0]).toBe(15);
  expect(meanOf([])).toBeUndefined();
});

test("files of a folder are numbered by name, as the command does, rows of an array as they come", () => {
  const samples = ["b.png", "a.png", "c.png"].map((name) => sample(name, [1, 1], 0));
  const one = { title: "8", target: 8, label: "eight", samples: [0, 1, 2], labels: [0, 0, 1], places: [], count: 2 };
  const written = (rows: boolean) =>
    JSON.parse(groupFile({ samples, classes: [one], few: [] }, one, new Set([0]), rows)).classes[0];
  expect(written(false)).toMatchObject({
    target: [8],
    label: "eight",
    samples: [1, 0, 2],
    labels: [1, 0, 0],
    clusters: [{ size: 2 }, { size: 1 }],
  });
  expect(written(true).samples).toEqual([0, 1, 2]);
});

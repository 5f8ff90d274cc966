/** Complexity of maps against the reference cases, and where the answer is known. */
import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { expectScalars, openCase, rowsOf } from "../../../../test/support/metric-case.ts";
import { encodeGreyPng } from "../../../formats/png/encode.ts";
import { metrics } from "../../index.ts";
import { greyOf, histogramEntropy } from "./measures.ts";

describe("complexity", () => {
  test.each(["digits-28", "shapes-32"])("is that of the reference: %s", async (name) => {
    await using at = await openCase(name);
    const entries = at.expected.filter(({ metric }) => metric === "complexity");
    expect(entries).toHaveLength(5);
    for (const entry of entries) {
      const { scores } = await at.measure("complexity", {}, at.heatmap(entry.relevance));
      expectScalars(entry, (score) => scores[score]);
      expect(Object.keys(scores)).toEqual(Object.keys(metrics.complexity!.card.scores));
    }
  });

  test("of constant and one-hot maps has a closed form", async () => {
    await using at = await openCase("oracle-linear");
    for (const id of ["constant-map", "one-hot-map"]) {
      const entry = at.expected.find((of) => of.id === id)!;
      const { scores } = await at.measure("complexity", {}, at.heatmap(entry.relevance));
      const own = Object.entries(entry.scalars).filter(([name]) => scores[name] !== undefined);
      expect(own.length).toBeGreaterThanOrEqual(3);
      expectScalars({ ...entry, scalars: Object.fromEntries(own) }, (score) => scores[score]);
    }
  });

  test("depends on the sample alone; a map of zeros has no shares", async () => {
    await using at = await openCase("digits-28");
    const maps = at.heatmap("random");
    const zeros = { ...maps, data: maps.data.map((v, i) => (i < 784 ? 0 : v)) };
    const all = await at.measure("complexity", {}, maps);
    const one = await at.measure("complexity", {}, zeros);
    for (const [name, values] of Object.entries(all.scores)) expect(one.scores[name]!.subarray(1)).toEqual(values.subarray(1));
    expect(Object.values(one.scores).map((values) => values[0])).toEqual([Number.NaN, Number.NaN, 0, 0, 0]);
  });

  test("counts above a threshold of one's own", async () => {
    await using at = await openCase("digits-28");
    const maps = at.heatmap("random");
    const count = async (params: object) =>
      (await at.measure("effective-complexity", { ...params }, maps)).scores.effective_complexity![0];
    const own = rowsOf(maps, [0]).data.map(Math.abs);
    const most = Math.max(...own);
    expect(await count({ threshold: 0.5 })).toBe(own.filter((v) => v > 0.5 * most).length);
    expect(await count({ threshold: 0.5, of: "one" })).toBe(own.filter((v) => v > 0.5).length);
    await expect(count({ threshold: -1 })).rejects.toMatchObject({ _tag: "BadRecipe" });
  });
});

describe("file size", () => {
  test("is that of a grey picture of the map, whatever its scale; noise needs more", async () => {
    await using at = await openCase("digits-28");
    const size = async (maps = at.heatmap("random")) => (await at.measure("file-size", {}, maps)).scores.file_size!;
    const noise = await size();
    expect(await size({ ...at.heatmap("random"), data: at.heatmap("random").data.map((v) => v * 8) })).toEqual(noise);
    const even = await size(at.heatmap("constant"));
    noise.forEach((bytes, n) => {
      expect(bytes).toBeGreaterThan(784 * 0.8);
      expect(even[n]).toBeLessThan(150);
    });
    const levels = greyOf(Float64Array.from([-2, -1, 0, 1, 2, 0.5]));
    expect(Array.from(levels)).toEqual([0, 64, 128, 191, 255, 159]);
    const picture = decode(encodeGreyPng(levels, 3));
    expect([picture.width, picture.height, picture.channels, picture.depth]).toEqual([3, 2, 1, 8]);
    expect(Array.from(picture.data)).toEqual(Array.from(levels));
  });
});

test("the entropy of a histogram is log2 of the bins that are evenly filled", () => {
  expect(
    histogramEntropy(
      Float64Array.from({ length: 64 }, (_, i) => i % 8),
      8,
    ),
  ).toBeCloseTo(3, 12);
  expect(histogramEntropy(new Float64Array(9).fill(4), 8)).toBe(0);
});

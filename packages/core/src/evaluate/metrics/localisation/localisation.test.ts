/** Localisation against the reference cases, and where the answer is known. */
import { describe, expect, test } from "vitest";
import { expectScalars, type MetricCase, openCase } from "../../../../test/support/metric-case.ts";
import type { FloatTensor } from "../../../tensor/float.ts";
import { judgeOf, metrics } from "../../index.ts";

describe("localisation", () => {
  test.each(["digits-28", "shapes-32"])("is that of the reference, empty masks and ties included: %s", async (name) => {
    await using at = await openCase(name);
    const entries = at.expected.filter(({ metric }) => metric === "localisation");
    expect(entries).toHaveLength(5);
    for (const entry of entries) {
      const { k, tolerance_px: tolerance } = entry.params as { k: number; tolerance_px: number };
      const { scores } = await at.measure("localisation", { k, tolerance }, at.heatmap(entry.relevance));
      expectScalars(entry, (score) => scores[score]);
      expect(Object.keys(scores)).toEqual(Object.keys(metrics.localisation!.card.scores));
    }
  });

  test("of constant and one-hot maps has a closed form", async () => {
    await using at = await openCase("oracle-linear");
    for (const id of ["constant-map", "one-hot-map"]) {
      const entry = at.expected.find((of) => of.id === id)!;
      const { scores } = await at.measure("localisation", {}, at.heatmap(entry.relevance));
      const own = Object.entries(entry.scalars).filter(([name]) => scores[name] !== undefined);
      expect(own).toHaveLength(3);
      expectScalars({ ...entry, scalars: Object.fromEntries(own) }, (score) => scores[score]);
    }
  });

  test("asks for masks that fit", async () => {
    await using at = await openCase("digits-28");
    const relevance = at.heatmap("random");
    const without = await judgeOf(at.lit, at.x);
    const misfit = await judgeOf(at.lit, at.x, { masks: { type: "uint8", dims: [8, 1, 14, 14], data: new Uint8Array(8 * 196) } });
    for (const judge of [without, misfit])
      for (const metric of [metrics.localisation!, metrics["inside-total-ratio"]!])
        await expect(judge.measure(metric, {}, { relevance })).rejects.toMatchObject({ _tag: "BadInput" });
  });
});

/** One mask for all samples: two corners of a box of 3 × 5 positions. */
const boxes = async (at: MetricCase) => {
  const data = new Uint8Array(8 * 784);
  for (let n = 0; n < 8; n++) for (const at of [10 * 28 + 4, 12 * 28 + 8]) data[n * 784 + at] = 1;
  return judgeOf(at.lit, at.x, { masks: { type: "uint8", dims: [8, 1, 28, 28], data } });
};

describe("inside-total ratio", () => {
  test("takes the box around the mask, or the mask", async () => {
    await using at = await openCase("digits-28");
    const judge = await boxes(at);
    const measure = async (relevance: FloatTensor, region: string) =>
      (await judge.measure(metrics["inside-total-ratio"]!, { region }, { relevance })).scores;
    const even = at.heatmap("constant");
    for (const [region, size] of [
      ["box", 15],
      ["mask", 2],
    ] as const) {
      const { inside_total_ratio, inside_total_ratio_weighted, outside_inside_ratio } = await measure(even, region);
      expect(inside_total_ratio![3]).toBeCloseTo(size / 784, 12);
      expect(inside_total_ratio_weighted![3]).toBeCloseTo(1, 12);
      expect(outside_inside_ratio![3]).toBeCloseTo(1, 12);
    }
    const random = at.heatmap("random");
    const { inside_total_ratio } = await measure(random, "mask");
    const { scores } = await judge.measure(metrics.localisation!, {}, { relevance: random });
    expect(inside_total_ratio).toEqual(scores.mass_accuracy);
    const row = random.data.subarray(0, 784).map((v) => Math.max(v, 0));
    const inside = row.filter((_, i) => i / 28 >= 10 && i / 28 < 13 && i % 28 >= 4 && i % 28 <= 8);
    const sum = (values: Float32Array) => values.reduce((a, b) => a + b, 0);
    expect((await measure(random, "box")).inside_total_ratio![0]).toBeCloseTo(sum(inside) / sum(row), 6);
  });

  test("is undefined without an object", async () => {
    await using at = await openCase("digits-28");
    const { scores } = await at.measure("inside-total-ratio", {}, at.heatmap("random"));
    for (const values of Object.values(scores)) {
      expect(values[7]).toBeNaN();
      expect(values[6]).toBeGreaterThan(0);
    }
  });
});

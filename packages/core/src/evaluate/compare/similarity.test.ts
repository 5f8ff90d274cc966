/** Similarity of maps against the reference cases (checked there against scipy and scikit-image), and where the answer is known. */
import { expect, test } from "vitest";
import { expectScalars, openCase } from "../../../test/support/metric-case.ts";
import { positionMap } from "../removal/units.ts";
import { similarity, ssim } from "./similarity.ts";

test.each(["digits-28", "shapes-32"])("is that of the reference: %s", async (name) => {
  await using at = await openCase(name);
  const entries = at.expected.filter(({ metric }) => metric === "map-similarity");
  expect(entries).toHaveLength(5);
  for (const entry of entries) {
    const map = (which: unknown, n: number) => positionMap({ x: at.x, relevance: at.heatmap(String(which)), kind: "space" }, n);
    const rows = at.targets.map((_, n) => similarity(map(entry.params.a, n), map(entry.params.b, n), at.x.dims.slice(2)));
    expect(Object.keys(rows[0]!)).toEqual(Object.keys(entry.scalars));
    expectScalars(entry, (score) => rows.map((row) => row[score]!));
  }
});

const wave = (side: number, phase: number) => Float64Array.from({ length: side * side }, (_, i) => Math.sin(i * i + phase));

test("of a map with itself is 1, and in ranks the opposite of its negative; the order of the maps does not matter", () => {
  const [a, b] = [wave(12, 0), wave(12, 1)];
  for (const value of Object.values(similarity(a, a, [12, 12]))) expect(value).toBeCloseTo(1, 12);
  const negated = similarity(
    a,
    a.map((v) => -v),
    [12, 12],
  );
  expect(negated.spearman).toBeCloseTo(-1, 12);
  expect(negated.pearson).toBeCloseTo(-1, 12);
  expect(negated.spearman_abs).toBeCloseTo(1, 12);
  const [ab, ba] = [similarity(a, b, [12, 12]), similarity(b, a, [12, 12])];
  for (const [name, value] of Object.entries(ab)) expect(ba[name]).toBeCloseTo(value, 12);
});

test("is undefined where nothing varies, and SSIM where no window fits", () => {
  const even = new Float64Array(144).fill(2);
  for (const value of Object.values(similarity(even, even, [12, 12]))) expect(value).toBeNaN();
  expect(ssim(wave(8, 0), wave(8, 1), [8, 8], "gaussian")).toBeNaN();
  expect(Math.abs(ssim(wave(8, 0), wave(8, 1), [8, 8], "uniform7"))).toBeLessThan(1);
  expect(ssim(wave(12, 0), wave(12, 1), [144], "uniform7")).toBeNaN();
});

import { expect, test } from "vitest";
import { randomBy } from "../numeric/random.ts";
import type { FloatTensor } from "../tensor/float.ts";
import { agglomerative } from "./agglomerative.ts";
import { dbscan } from "./dbscan.ts";
import { spray } from "./spray.ts";

const stream = randomBy(4).stream(0);
/** 40 maps of 8 × 8: the centre, or in every third a corner; one is like nothing else. */
const corner = (n: number) => n % 3 === 0;
const maps: FloatTensor = {
  type: "float32",
  dims: [40, 1, 8, 8],
  data: Float32Array.from({ length: 40 * 64 }, (_, i) => {
    const [n, y, x] = [Math.floor(i / 64), Math.floor((i % 64) / 8), i % 8];
    const [cy, cx] = n === 7 ? [7, 0] : corner(n) ? [0.5, 6.5] : [3.5, 3.5];
    return Math.exp(-((y - cy) ** 2 + (x - cx) ** 2) / 3) + 0.05 * stream.next();
  }),
};

test("two kinds of maps are two clusters; the odd one is the strangest", () => {
  const found = spray(maps, { pool: 2, clusters: 2 });
  const kinds = found.labels.filter((_, n) => n !== 7);
  expect(new Set(kinds.filter((_, i) => corner(i < 7 ? i : i + 1))).size).toBe(1);
  expect(new Set(kinds.filter((_, i) => !corner(i < 7 ? i : i + 1))).size).toBe(1);
  const strangest = found.strangeness.indexOf(found.strangeness.reduce((a, b) => Math.max(a, b)));
  expect(strangest).toBe(7);
  expect(found.clusters.reduce((sum, { size }) => sum + size, 0)).toBe(40);
  for (const [k, { medoid }] of found.clusters.entries()) expect(found.labels[medoid]).toBe(k);
  expect(spray(maps, { pool: 2 }).labels).toEqual(spray(maps, { pool: 2 }).labels);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

test("few samples, equal samples and maps of zeros have an answer", () => {
  const some = (count: number, value: number): FloatTensor => ({
    type: "float32",
    dims: [count, 1, 2, 2],
    data: new Float32Array(count * 4).fill(value),
  });
  expect(spray(some(2, 1)).labels).toEqual([0, 0]);
  expect(spray(some(6, 0)).labels).toHaveLength(6);
  expect(spray(some(6, 1)).strangeness).toEqual([1, 1, 1, 1, 1, 1]);
  expect(() => spray({ ...some(6, 1), dims: [6, 4] })).toThrow(/samples × channels × height × width/);
  expect(() => spray(some(6, 1), { neighbours: 0 })).toThrow(/0 neighbours of 6 samples/);
  expect(() => spray(some(6, 1), { pool: 0.5 })).toThrow(/pool 0.5/);
});

test("agglomerative and density-based clusters of rows", () => {
  const rows = Array.from({ length: 30 }, (_, i) => [(i % 3) * 10 + stream.next(), stream.next()]);
  for (const linkage of ["ward", "average", "complete", "single"] as const)
    expect(agglomerative(rows, 3, linkage)).toEqual(rows.map((_, i) => i % 3));
  const labels = dbscan([...rows, [5, 50]], { eps: 2, minSamples: 4 });
  expect(labels).toEqual([...rows.map((_, i) => i % 3), -1]);
  expect(() => agglomerative(rows, 31)).toThrow(/31 clusters of 30 rows/);
});

import type { Tensor } from "@backlit/core";
import { expect, test } from "vitest";
import { batchesOf } from "./batches.ts";

const tensor = (...dims: number[]): Tensor => ({
  type: "float32",
  dims,
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => i),
});
const sample = (file: string, x: Tensor) => ({ file, feeds: { x } });

test("rows are cut, and joined with rows of other inputs, eight at a time", () => {
  const batches = batchesOf([sample("a", tensor(1, 2)), sample("b", tensor(9, 2)), sample("c", tensor(1, 3))], 8);
  expect(batches.map(({ feeds }) => feeds.x!.dims)).toEqual([
    [8, 2],
    [2, 2],
    [1, 3],
  ]);
  expect(batches[0]!.rows.map(({ sample, index }) => [sample.file, index])).toEqual([
    ["a", undefined],
    ...[0, 1, 2, 3, 4, 5, 6].map((i) => ["b", i]),
  ]);
  expect(Array.from(batches[1]!.feeds.x!.data as Float32Array)).toEqual([14, 15, 16, 17]);
});

test("nothing is cut when the model's batch is fixed, or another input has other rows", () => {
  expect(batchesOf([sample("a", tensor(4, 2))], undefined).map(({ feeds }) => feeds.x!.dims)).toEqual([[4, 2]]);
  const shared = { file: "a", feeds: { x: tensor(4, 2), mask: tensor(1, 2) } };
  expect(batchesOf([shared], 8)).toEqual([{ feeds: shared.feeds, rows: [{ sample: shared }] }]);
});

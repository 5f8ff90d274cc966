import { expect, test } from "vitest";
import type { Plan } from "../plan/index.ts";
import type { Session } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { runInRows } from "./in-rows.ts";

const samples = { independent: true, of: () => 0, whole: () => false };
const plan = { samples, batchAxis: 0 } as unknown as Plan;
const doubling = (asked: number[]): Session => ({
  inputNames: ["x"],
  outputNames: ["y", "name"],
  run: async ({ x }) => {
    asked.push(x!.dims[0]!);
    const data = Array.from(x!.data as Float32Array);
    return {
      y: { type: "float32", dims: x!.dims, data: Float32Array.from(data, (v) => 2 * v) },
      name: { type: "string", dims: [x!.dims[0]!], data: data.filter((_, k) => k % 2 === 0).map(String) },
    };
  },
  release: async () => {},
  [Symbol.asyncDispose]: async () => {},
});

test("a batch of rows in pieces is the batch", async () => {
  const x: Tensor = { type: "float32", dims: [37, 2], data: Float32Array.from({ length: 74 }, (_, k) => k) };
  const [asked, heard]: [number[], number[]] = [[], []];
  const pieces = await runInRows(doubling(asked), { x }, { plan, most: 10, onRows: (done) => heard.push(done) });
  expect(asked).toEqual([10, 10, 10, 7]);
  expect(heard).toEqual([10, 20, 30, 37]);
  expect(pieces).toEqual(await doubling([]).run({ x }));
});

test("the first piece is small; what has rows of its own goes in one", async () => {
  const x: Tensor = { type: "float32", dims: [50, 1], data: new Float32Array(50) };
  const [asked, whole]: [number[], number[]] = [[], []];
  await runInRows(doubling(asked), { x }, { plan, most: 40 });
  expect(asked).toEqual([16, 34]);
  await runInRows(doubling(whole), { x, more: { ...x, dims: [25, 2] } }, { plan, most: 40 });
  expect(whole).toEqual([50]);
});

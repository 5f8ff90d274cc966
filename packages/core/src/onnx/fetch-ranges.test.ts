/** Weights that are read asynchronously: the small ones first, the large ones never. */
import { expect, test } from "vitest";
import { fetchRanges } from "./fetch-ranges.ts";
import { parseModel } from "./parse-text.ts";
import { readTensor } from "./tensors.ts";

const bytes = new Uint8Array(Float32Array.from({ length: 120 }, (_, i) => i).buffer);
const at = (offset: number) => `["location" : "w.bin", "offset" : "${offset}"]`;
const model = parseModel(`<ir_version: 8, opset_import: ["": 17]> net (float[100] x) => (float[100] y)
  <float[100] large = ${at(0)}, float[20] small = ${at(400)}, float[20] same = ${at(400)}> { y = Add(x, large) }`);

test("small tensors are fetched once and read synchronously, large ones are left", async () => {
  const asked: number[] = [];
  const read = async (_: string, offset: number, length: number) => {
    asked.push(length);
    return bytes.slice(offset, offset + length);
  };
  const external = await fetchRanges(model, { read }, 20);
  expect(asked).toEqual([80]);
  const [large, small, same] = model.graph.initializer;
  expect(Array.from(readTensor(small!, external).data as Float32Array)).toEqual(Array.from({ length: 20 }, (_, i) => 100 + i));
  expect(readTensor(same!, external).data).toEqual(readTensor(small!, external).data);
  expect(() => readTensor(large!, external)).toThrow(/were not fetched/);
  expect(asked).toEqual([80]);
});

/** Rows the graph does not tell of are tried in a run. */

import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { parseModel } from "../onnx/parse-text.ts";
import { readModel } from "../reading/index.ts";
import { prepare } from "./prepare.ts";

const HEAD = `<ir_version: 8, opset_import: ["": 17]> net (float[N,1,4,4] x) => (float[N,3] y)`;
const read = async (text: string, shape = HEAD) => {
  const prepared = await prepare(parseModel(`${shape} ${text}`), await nodeRuntime());
  const samples = readModel(prepared).samples({ explained: ["x"], output: "y", start: "y" });
  return { samples, tried: prepared.facts.rowsApart };
};

/** Nobody has told the reading what GridSample does with its axes. */
const grid = (
  of: string,
) => `<float[1,2,2,2] places = random(1), float[4,3] w = random(2), int64[4] flat = {0, 4, 1, 1}, int64[2] rows = {-1, 4}>
  { n = Shape<start = 0, end = 1>(x)  rest = Constant<value = int64[3] {2, 2, 2}>()  to = Concat<axis = 0>(n, rest)
    all = Expand(places, to)  seen = GridSample(${of}, all)  two = Reshape(seen, rows)  y = MatMul(two, w) }`;

test("a row that stays where others move is a sample", async () => {
  const { samples, tried } = await read(grid("x"));
  expect(tried?.get("y")).toBe(true);
  expect(samples).toMatchObject({ independent: true, batchAxis: 0 });
  expect(samples.why).toMatch(/guessed: a run kept rows apart/);
});

test("a row that moves with another one is none", async () => {
  const { samples, tried } = await read(
    grid("mixed").replace("{ n =", "{ mean = ReduceMean<axes = [0]>(x)  mixed = Sub(x, mean)  n ="),
  );
  expect(tried === undefined || tried.get("y") === false).toBe(true);
  expect(samples.independent).toBe(false);
});

test("neither a fixed batch nor random nodes are tried", async () => {
  expect((await read(grid("x"), HEAD.replaceAll("[N,", "[1,"))).tried).toBeUndefined();
  const noisy = grid("loud").replace("{ n =", "{ noise = RandomNormalLike(x)  loud = Add(x, noise)  n =");
  expect((await read(noisy)).tried).toBeUndefined();
});

test("what the graph tells costs no run", async () => {
  const plain = "<int64[2] rows = {-1, 16}, float[16,3] w = random(2)> { two = Reshape(x, rows)  y = MatMul(two, w) }";
  expect((await read(plain)).tried).toBeUndefined();
});

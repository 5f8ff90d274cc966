/** A method that can be asked again: for other inputs, other classes, another model. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { model, noise, numbers } from "../../../test/support/run.ts";
import { type Explainer, load } from "../../explain/index.ts";
import { encodeModelBytes } from "../../onnx/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import { explainingOf } from "../index.ts";

const NET = `net (float[N,2,6,5] x) => (float[N,3] y) <float[4,2,3,3] k = random(1), float[80,3] w = random(2)>
  { c = Conv <pads=[0,1,0,1]> (x, k) r = Relu(c) f = Flatten(r) y = MatMul(f, w) }`;
const OWN = [[0], [2]];
const x = noise([5, 2, 6, 5], 4) as FloatTensor;

let lit: Explainer;
beforeAll(async () => {
  lit = await load(encodeModelBytes(model(NET)), { runtime: await nodeRuntime() });
});
afterAll(() => lit[Symbol.asyncDispose]());

describe.each(["lrp", "smoothgrad"])("by %s", (method) => {
  const options = { method, ...(method === "smoothgrad" && { params: { samples: 2 } }) };

  test("maps are those of `explain`, each for its sample's class, in batches", async () => {
    const maps = await explainingOf(lit, options, OWN, { batch: 5 }).maps(x, [0, 0, 1, 1, 0]);
    const { relevance } = await lit.explain(x, { ...options, target: [[0], [0], [2], [2], [0]], ids: [0, 0, 1, 1, 0] });
    expect(maps.dims).toEqual(relevance.dims);
    expect(numbers(maps)).toEqual(numbers(relevance));
  });

  test("classes may be named row by row", async () => {
    const targets = [[1], [1], [0], [2], [1]];
    const maps = await explainingOf(lit, options, OWN).maps(x, [0, 0, 1, 1, 0], targets);
    expect(numbers(maps)).toEqual(
      numbers((await lit.explain(x, { ...options, target: targets, ids: [0, 0, 1, 1, 0] })).relevance),
    );
  });
});

test("the size of the batches does not matter", async () => {
  const [two, all] = await Promise.all(
    [2, 16].map((size) => explainingOf(lit, {}, OWN, { batch: size }).maps(x, [0, 1, 0, 1, 0])),
  );
  numbers(two).forEach((value, i) => {
    expect(value).toBeCloseTo(numbers(all)[i]!, 5);
  });
});

test("a changed model is explained by the same recipe", async () => {
  const here = explainingOf(lit, { method: "gradient-x-input" }, OWN);
  expect(here.layers).toEqual([["k"], ["w"]]);
  const same = await here.on((of) => of);
  expect(numbers(await same.maps(x, [0, 0, 0, 0, 0]))).toEqual(numbers(await here.maps(x, [0, 0, 0, 0, 0])));
  await same.release?.();
});

describe("an inner value", () => {
  test("is what the last layer with weights takes in, or the one named", () => {
    const { inner } = explainingOf(lit, { method: "smoothgrad" }, OWN);
    expect([inner!(""), inner!("r")]).toEqual(["f", "r"]);
    expect(() => inner!("z")).toThrow("no value 'z' (layer)");
  });

  test("does not exist in a single layer", async () => {
    const single = "net (float[N,4] x) => (float[N,2] y) <float[4,2] w = random(1)> { y = MatMul(x, w) }";
    await using linear = await load(encodeModelBytes(model(single)), { runtime: await nodeRuntime() });
    expect(() => explainingOf(linear, {}, OWN).inner!("")).toThrow(expect.objectContaining({ _tag: "BadRecipe" }));
  });
});

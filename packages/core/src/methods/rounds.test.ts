/** Several classes in one call, and what is heard of the work meanwhile. */

import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { model, noise } from "../../test/support/run.ts";
import { load } from "../explain/index.ts";
import { encodeModelBytes } from "../onnx/index.ts";

const net = `net (float[N,4] x) => (float[N,3] y) <float[4,5] w = random(1), float[5,3] v = random(2)>
  { a = MatMul(x, w) b = Tanh(a) y = MatMul(b, v) }`;
const options = { method: "integrated-gradients", params: { steps: 5 } };
const open = async () => load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });

test("top:K are K maps, those of the classes alone, in the layout of a compiled pass", async () => {
  await using lit = await open();
  const x = noise([2, 4], 3);
  const both = await lit.explain(x, { ...options, target: "top:2" });
  const compiled = await lit.explain(x, { method: "gradient", target: "top:2" });
  expect(both.target).toEqual(compiled.target);
  expect(both.relevance.dims).toEqual(compiled.relevance.dims);
  for (const k of [0, 1]) {
    const alone = await lit.explain(x, { ...options, target: both.target.map((classes) => classes[k]!) });
    for (const n of [0, 1])
      expect(both.relevance.data.slice((2 * n + k) * 4, (2 * n + k + 1) * 4)).toEqual(
        alone.relevance.data.slice(4 * n, 4 * n + 4),
      );
  }
  await expect(lit.explain(x, { ...options, target: "top:4" })).rejects.toMatchObject({ _tag: "BadTarget" });
});

test("rows are counted over all classes, of a total known from the first row on", async () => {
  await using lit = await open();
  const heard: [number, number][] = [];
  await lit.explain(noise([2, 4], 3), { ...options, target: "top:3", batch: 4, onRows: (...rows) => heard.push(rows) });
  expect(new Set(heard.map(([, total]) => total))).toEqual(new Set([42]));
  expect(heard.at(-1)).toEqual([42, 42]);
  expect(heard).toHaveLength(12);
});

test("a signal stops the work between two batches", async () => {
  await using lit = await open();
  const stop = new AbortController();
  let rows = 0;
  const onRows = (done: number) => {
    rows = done;
    if (done >= 3) stop.abort();
  };
  const work = lit.explain(noise([1, 4], 3), { ...options, batch: 1, onRows, signal: stop.signal });
  await expect(work).rejects.toMatchObject({ _tag: "Aborted" });
  expect(rows).toBe(3);
});

import { beforeAll, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { model, noise } from "../../../test/support/run.ts";
import { type Explainer, load } from "../../explain/index.ts";
import { randomBy } from "../../numeric/random.ts";
import { encodeModelBytes } from "../../onnx/encode.ts";
import { channelDeletion } from "./deletion.ts";
import { referenceStability } from "./stability.ts";

/** Four channels; the class is their weighted sum, so that what a channel is worth is its relevance. */
const net = `net (float[N,2,3,3] x) => (float[N,2] y) <float[4,2,1,1] v = random(1), float[4,2] o = {4,-4, 2,-2, 1,-1, 0,0}>
{ c = Conv(x, v) h = Relu(c) p = GlobalAveragePool(h) f = Flatten(p) y = MatMul(f, o) }`;
const x = noise([6, 2, 3, 3], 7, 3);
const data = {
  ...{ name: "x", sha256: "0", count: 6, chunk: 4 },
  read: async (from: number, count: number) => ({
    x: { type: "float32" as const, dims: [count, 2, 3, 3], data: (x.data as Float32Array).slice(from * 18, (from + count) * 18) },
    names: Array.from({ length: count }, (_, i) => `s${from + i}`),
  }),
};

let lit: Explainer;
beforeAll(async () => {
  lit = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
  return () => lit.release();
});

test("deletion by relevance: the closed form of a model that adds its channels up", async () => {
  const task = { data, target: 0, options: { composite: "epsilon", seed: "logit" } } as const;
  const { steps, curves, srg, overRandom, samples } = await channelDeletion(lit, task, "h");
  expect([steps, samples]).toEqual([[0, 0.25, 0.5, 0.75, 1], 6]);
  const { channels, output } = await lit.explain(x, { ...task.options, target: 0, channels: ["h"] });
  // The output is the sum of the channels' relevance: each step takes one of them away.
  const rows = Array.from({ length: 6 }, (_, n) => Array.from(channels!.h!.relevance.sum.subarray(4 * n, 4 * n + 4)));
  const left = (largest: boolean) =>
    steps.map((_, s) => {
      const kept = rows.map((row) => [...row].sort((a, b) => (largest ? b - a : a - b)).slice(s));
      return kept.flat().reduce((sum, v) => sum + v, 0) / 6;
    });
  for (const [s, value] of left(true).entries()) expect(curves.most[s]).toBeCloseTo(value, 3);
  for (const [s, value] of left(false).entries()) expect(curves.least[s]).toBeCloseTo(value, 3);
  expect(curves.random[0]).toBeCloseTo(
    Array.from({ length: 6 }, (_, n) => Number(output.data[2 * n])).reduce((a, b) => a + b) / 6,
    4,
  );
  expect(curves.random[4]).toBeCloseTo(0, 5);
  expect(srg).toBeGreaterThan(overRandom);
  expect(overRandom).toBeGreaterThan(0);
  expect(await channelDeletion(lit, task, "h")).toEqual({ steps, curves, srg, overRandom, samples });
});

test("reference samples are stable where channels go with a kind of sample, and not where they are noise", () => {
  const stream = randomBy(1).stream(0);
  const kinds = Array.from({ length: 80 }, (_, n) => {
    const own = Array.from({ length: 4 }, (_, c) => (n % 4 === c ? 1 : 0) + 0.1 * stream.next());
    return [...own, stream.next() * 0.01, 0];
  });
  const { channels, mean, baseline } = referenceStability({ values: { h: { vectors: kinds } } } as never, "h");
  for (const own of channels.slice(0, 4)) expect(own! + baseline).toBeGreaterThan(0.98);
  expect(channels[4]!).toBeLessThan(channels[0]! / 2);
  expect(channels[5]).toBeNull();
  expect(mean).toBeGreaterThan(0);
  expect(() => referenceStability({ values: { h: {} } } as never, "h")).toThrow(/without vectors/);
});

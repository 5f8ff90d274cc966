import { beforeAll, describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { model, noise } from "../../test/support/run.ts";
import { type Explainer, load } from "../explain/index.ts";
import { randomBy } from "../numeric/random.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { mergeRanked, type Ranked, rank } from "./ranking.ts";
import { collectConcepts } from "./run/collect.ts";
import { planConcepts } from "./run/plan.ts";
import { concepts } from "./run/run.ts";
import type { ConceptTask } from "./run/task.ts";
import { runConceptUnit } from "./run/unit.ts";

describe("ranking", () => {
  test("parts merged in any order are the list of the whole; of equal values the lower number comes first", () => {
    const stream = randomBy(3).stream(1);
    for (let round = 0; round < 50; round++) {
      const entries = Array.from({ length: 20 }, (_, sample): Ranked => ({ sample, value: stream.below(6), position: 0 }));
      for (const end of ["top", "bottom"] as const) {
        const listOf = (some: readonly Ranked[]) => {
          const list: Ranked[] = [];
          for (const entry of some) rank(list, entry, end, 5);
          return list;
        };
        const sorted = [...entries].sort(
          (a, b) => (end === "top" ? b.value - a.value : a.value - b.value) || a.sample - b.sample,
        );
        const cut = stream.below(20);
        const parts = [listOf(entries.slice(0, cut)), listOf(entries.slice(cut))] as const;
        expect(mergeRanked(...parts, end, 5)).toEqual(sorted.slice(0, 5));
        expect(mergeRanked(parts[1], parts[0], end, 5)).toEqual(sorted.slice(0, 5));
      }
    }
  });
});

const net = `net (float[N,4] x) => (float[N,2] y) <float[4,3] v = {1,0,0, 0,1,0, 0,0,0, 0,0,0}, float[3,2] w = {1,-1, 2,1, 1,1}>
{ z = MatMul(x, v) h = Relu(z) y = MatMul(h, w) }`;
const x = noise([10, 4], 5, 2);
const data = {
  name: "x",
  sha256: "0",
  count: 10,
  chunk: 4,
  read: async (from: number, count: number) => ({
    x: { type: "float32" as const, dims: [count, 4], data: (x.data as Float32Array).slice(from * 4, (from + count) * 4) },
    names: Array.from({ length: count }, (_, i) => `s${from + i}`),
  }),
};
const task: ConceptTask = {
  model: "net",
  data,
  values: ["h"],
  options: { composite: "epsilon" },
  top: 3,
  perClass: 2,
  vectors: true,
};

let lit: Explainer;
beforeAll(async () => {
  lit = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
  return () => lit.release();
});

test("reference samples of every channel, and those that never count", async () => {
  const { values, samples } = await concepts([lit], task);
  const { references, never, vectors, channels } = values.h!;
  expect(channels).toBe(3);
  const activation = references.activation!.top[0]!;
  const first = Array.from({ length: 10 }, (_, n) => Math.max(0, (x.data as Float32Array)[4 * n]!));
  expect(activation.map(({ value }) => value)).toEqual([...first].sort((a, b) => b - a).slice(0, 3));
  expect(activation.every(({ sample, value }) => first[sample] === value)).toBe(true);
  expect(never).toEqual({ relevance: [2], activation: [2] });
  expect(samples.map(({ name }) => name)[7]).toBe("s7");
  for (const row of vectors!) expect(row.reduce((sum, v) => sum + Math.abs(v), 0)).toBeLessThanOrEqual(1 + 1e-6);
  for (const [k, lists] of Object.entries(references.relevance!.byClass))
    for (const { sample } of lists.flat()) expect(samples[sample]!.target.join()).toBe(k);
});

test("units by themselves, in any order and through JSON, come to the same; a store resumes", async () => {
  const whole = await concepts([lit], task);
  const plan = JSON.parse(JSON.stringify(await planConcepts(task, lit)));
  expect(plan.units).toHaveLength(3);
  const results = await Promise.all(plan.units.map((unit: never) => runConceptUnit(lit, { task, plan }, unit)));
  expect(collectConcepts(plan, JSON.parse(JSON.stringify(results)))).toEqual(whole);
  expect(() => collectConcepts(plan, results.slice(1))).toThrow(/1 of 3 units/);
  const kept = new Map<string, unknown>([[plan.units[0].key, results[0]]]);
  const put: string[] = [];
  const store = {
    get: async (key: string) => kept.get(key),
    put: async (key: string) => void put.push(key),
  };
  expect(await concepts([lit, lit], { ...task, store })).toEqual(whole);
  expect(put.sort()).toEqual([plan.units[1].key, plan.units[2].key].sort());
});

test("stopped and resumed by several workers: the same bytes", async () => {
  const whole = JSON.stringify(await concepts([lit], task));
  const kept = new Map<string, string>();
  const stop = new AbortController();
  const store = {
    get: async (key: string) => (kept.has(key) ? JSON.parse(kept.get(key)!) : undefined),
    put: async (key: string, value: unknown) => {
      kept.set(key, JSON.stringify(value));
      stop.abort();
    },
  };
  await expect(concepts([lit], { ...task, store, signal: stop.signal })).rejects.toThrow(/stopped/);
  expect(kept.size).toBe(1);
  expect(JSON.stringify(await concepts([lit, lit, lit], { ...task, store }))).toBe(whole);
  expect(kept.size).toBe(3);
});

test("what makes no sense is said", async () => {
  await expect(concepts([lit], { ...task, values: [] })).rejects.toThrow(/no values/);
  await expect(concepts([lit], { ...task, statistic: "mean" as never })).rejects.toThrow(/sum or max/);
  await expect(concepts([lit], { ...task, values: ["q"] })).rejects.toThrow(/no value 'q'/);
  await expect(concepts([lit], { ...task, tops: 3 } as never)).rejects.toThrow(/no option 'tops'/);
});

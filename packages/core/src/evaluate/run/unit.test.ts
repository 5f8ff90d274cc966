/** A run planned here, computed there in any order, and gathered as JSON. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { floats, model, noise } from "../../../test/support/run.ts";
import { type Explainer, load } from "../../explain/index.ts";
import { encodeModelBytes } from "../../onnx/index.ts";
import { collectRun, type EvaluationTask, evaluate, outlineRun, planRun, runUnit, unitRunner } from "../index.ts";
import type { ChunkResult } from "./chunk-result.ts";

const [COUNT, WIDTH] = [7, 64];
const net = `net (float[N,1,8,8] x) => (float[N,3] y) <float[3,1,8,8] w = random(1), float[3] b = random(2)>
  { c = Conv(x, w, b) r = Relu(c) y = Flatten(r) }`;
const x = noise([COUNT, 1, 8, 8], 7).data as Float32Array;

const lits: Explainer[] = [];
beforeAll(async () => {
  for (let i = 0; i < 2; i++) lits.push(await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() }));
});
afterAll(async () => {
  for (const lit of lits) await lit[Symbol.asyncDispose]();
});

const task = (more: Partial<EvaluationTask> = {}): EvaluationTask => ({
  model: "net",
  data: {
    name: "noise",
    sha256: "1",
    count: COUNT,
    chunk: 3,
    read: async (from, count) => ({
      x: floats([count, 1, 8, 8], x.slice(from * WIDTH, (from + count) * WIDTH)),
      names: Array.from({ length: count }, (_, n) => `row ${from + n}`),
    }),
  },
  methods: [
    { name: "epsilon", options: { composite: { name: "epsilon" } } },
    { name: "smooth", options: { method: "smoothgrad", params: { samples: 2 } } },
    { name: "random" },
  ],
  settings: [{ metric: "srg", params: { score: "logit", imputer: "patches" } }, { metric: "mprt" }, { metric: "irof" }],
  randomDraws: 2,
  resamples: 100,
  permutations: 100,
  seed: 5,
  ...more,
});

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

test("units in another order, by two explainers, gathered as JSON, give the same result", async () => {
  const whole = await evaluate(lits.slice(0, 1), task());
  const plan = throughJson(await planRun(task(), lits[0]!));
  expect(plan).toEqual(await planRun(task(), lits[1]!));
  expect(new Set(plan.units.map(({ key }) => key)).size).toBe(plan.units.length);
  const results: ChunkResult[] = [];
  for (const [i, unit] of [...plan.units.entries()].toReversed())
    results[i] = throughJson(await runUnit(lits[i % 2]!, { task: task(), plan }, unit));
  expect(JSON.stringify(collectRun(plan, results))).toBe(JSON.stringify(whole));
});

test("the plan is under the keys the store has, and says what the task means", async () => {
  const kept = new Map<string, unknown>();
  const store = {
    get: async (key: string) => kept.get(key),
    put: async (key: string, value: unknown) => void kept.set(key, value),
  };
  const whole = await evaluate(lits, task({ store, target: 1 }));
  const plan = await planRun(task({ target: 1 }), lits[0]!);
  expect(new Set(plan.units.map(({ key }) => key))).toEqual(new Set(kept.keys()));
  const gathered = plan.units.map(({ key }) => kept.get(key) as ChunkResult);
  expect(collectRun(plan, gathered)).toEqual(whole);
  expect(plan).toMatchObject({ target: 1, seed: 5, others: COUNT, statistics: { confidence: 0.95, resamples: 100 } });
});

test("a chunk is read once for the units that follow each other on it", async () => {
  const reads: number[] = [];
  const { data } = task();
  const read: typeof data.read = (from, count) => {
    reads.push(from);
    return data.read(from, count);
  };
  const own = task({ data: { ...data, read }, settings: [{ metric: "irof" }, { metric: "srg" }] });
  const plan = await planRun(own, lits[0]!);
  expect(reads).toEqual([]);
  const run = unitRunner(lits[0]!, { task: own, plan });
  for (const unit of plan.units) await run(unit);
  expect(reads).toEqual([0, 3, 6]);
});

test("what is missing is counted", async () => {
  const plan = await planRun(task(), lits[0]!);
  expect(() => collectRun(plan, [])).toThrow(`${plan.units.length} of ${plan.units.length} units have no result`);
});

test("an outline makes the plan's units one by one, of a million as of a few, and shares are of the same samples and method", async () => {
  const { units } = await planRun(task(), lits[0]!);
  const outline = await outlineRun(task(), lits[0]!);
  expect(outline.count).toBe(units.length);
  const shares = Array.from({ length: outline.shares }, (_, i) => outline.share(i));
  expect(shares.flat()).toEqual(units.map((_, i) => i));
  for (const share of shares) {
    const own = share.map((i) => units[i]!);
    expect(new Set(own.map(({ from, count, method }) => `${from} ${count} ${method}`)).size).toBe(1);
  }
  expect(await outline.unit(units.length - 1)).toEqual(units.at(-1));
  const large = await outlineRun(task({ data: { ...task().data, count: 1e6, chunk: 1 } }), lits[0]!);
  expect(large.count).toBeGreaterThan(1e6);
  expect(await large.unit(large.count - 1)).toMatchObject({
    count: expect.any(Number),
    key: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

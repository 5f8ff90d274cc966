/** The run over methods, metrics and data: where the numbers are known, in pieces, stopped and gone on with. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { floats, model, noise } from "../../../test/support/run.ts";
import { type Explainer, load } from "../../explain/index.ts";
import { quantileOf } from "../../numeric/quantile.ts";
import { encodeModelBytes } from "../../onnx/index.ts";
import { randomValues } from "../../onnx/parse-tensors.ts";
import { type DataChunk, type EvaluationTask, evaluate, type Metric, metrics, type Store, type Trial } from "../index.ts";
import { curveTable, thinned } from "./curve-table.ts";

const [COUNT, WIDTH] = [10, 6];
const net = `net (float[N,6] x) => (float[N,3] y) <float[6,3] w = random(1), float[3] b = random(2)>
  { m = MatMul(x, w) y = Add(m, b) }`;
const w = randomValues(1, 18);
const x = noise([COUNT, WIDTH], 7);
const rows = (from: number, count: number) =>
  floats([count, WIDTH], (x.data as Float32Array).slice(from * WIDTH, (from + count) * WIDTH));

const open = async (): Promise<Explainer> => load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
const lits: Explainer[] = [];
beforeAll(async () => {
  lits.push(await open(), await open());
});
afterAll(async () => {
  for (const lit of lits) await lit[Symbol.asyncDispose]();
});

const named = (from: number, count: number) => Array.from({ length: count }, (_, n) => `row ${from + n}`);
const task = (more: Partial<EvaluationTask> = {}): EvaluationTask => ({
  model: "net",
  data: {
    name: "noise",
    sha256: "1",
    count: COUNT,
    chunk: 4,
    read: async (from, count): Promise<DataChunk> => ({
      x: rows(from, count),
      names: named(from, count),
      targets: Array.from({ length: count }, (_, n) => [(from + n) % 3]),
    }),
  },
  methods: [
    { name: "epsilon", options: { composite: { name: "epsilon" }, seed: "logit" } },
    { name: "gradient", options: { method: "gradient" } },
  ],
  settings: [
    { metric: "srg", params: { score: "logit", steps: "every" } },
    { metric: "srg", params: { score: "probability", steps: "every" } },
  ],
  resamples: 100,
  permutations: 100,
  ...more,
});

const memoryStore = (): Store & { readonly units: Map<string, string>; puts: number } => {
  const units = new Map<string, string>();
  const store = {
    units,
    puts: 0,
    get: async (key: string) => (units.has(key) ? JSON.parse(units.get(key)!) : undefined),
    put: async (key: string, value: unknown) => {
      store.puts++;
      units.set(key, JSON.stringify(value));
    },
  };
  return store;
};

test("metrics that rank take the size of slopes; others, and who asks for it, get the signs", async () => {
  const settings = [
    { metric: "srg", params: { score: "logit", steps: "every" } },
    { metric: "completeness", params: { baseline: "zero" } },
  ];
  const own = { options: { method: "gradient" } };
  const methods = [
    { name: "gradient", ...own },
    { name: "signed", ...own, magnitude: false },
    { name: "smooth", options: { method: "smoothgrad", params: { samples: 2, level: 0 } } },
    { name: "product", options: { method: "smoothgrad", params: { samples: 2, level: 0, of: "gradient-x-input" } } },
  ];
  const { tables, methods: found, notices } = await evaluate(lits, task({ methods, settings, randomDraws: 1 }));
  const of = (setting: number) => tables.find((table) => table.setting === setting && table.primary)!.values;
  const [sized, signed, smooth, product] = of(0) as number[][];
  expect(smooth).toEqual(sized);
  expect(signed).not.toEqual(sized);
  expect(product).not.toEqual(signed);
  expect(of(1)[0]).toEqual(of(1)[1]);
  expect(found.map(({ magnitude }) => magnitude ?? false)).toEqual([true, false, true, false, false]);
  expect(notices.join()).toMatch(/ranked by the size of their values, which are slopes: gradient, smooth /);
});

test("a method that a metric cannot ask for more has no score there, and a notice says why", async () => {
  const settings = [{ metric: "cosine-convergence" }, { metric: "srg", params: { steps: "every" } }];
  const methods = [
    { name: "occlusion", options: { method: "feature-ablation" } },
    { name: "epsilon", options: { composite: { name: "epsilon" } } },
  ];
  const { tables, notices } = await evaluate(lits, task({ methods, settings, randomDraws: 1 }));
  const [first] = tables;
  expect(first!.values[0]).toEqual(Array(COUNT).fill(null));
  expect(first!.values[1]!.every((value) => typeof value === "number")).toBe(true);
  expect(notices.join()).toMatch(/no cosine-convergence of occlusion: /);
  expect(tables.at(-1)!.values[0]!.every((value) => typeof value === "number")).toBe(true);
});

describe("a linear model", () => {
  test("loses each feature's part, in the order of the map", async () => {
    const { tables, samples, curves, methods } = await evaluate(lits.slice(0, 1), task());
    expect(samples.map(({ name, target }) => [name, target[0]])).toEqual(named(0, COUNT).map((name, n) => [name, n % 3]));
    expect(methods.map(({ name }) => name)).toEqual(["epsilon", "gradient", "random", "random", "random"]);
    const srg = tables.find(({ setting, score }) => setting === 0 && score === "srg")!;
    expect(srg).toMatchObject({ primary: true, direction: "higher" });
    for (let n = 0; n < COUNT; n++) {
      const parts = Array.from(rows(n, 1).data as Float32Array, (value, i) => value * w[i * 3 + (n % 3)]!);
      const area = (order: readonly number[]) => {
        let [left, sum] = [0, 0];
        for (const part of order) {
          sum += (left + left - part) / 2 / WIDTH;
          left -= part;
        }
        return sum;
      };
      const sorted = [...parts].sort((a, b) => a - b);
      expect(srg.values[0]![n]).toBeCloseTo(area(sorted) - area(sorted.toReversed()), 5);
      // No order does better: ε is x ⊙ w here.
      for (const other of srg.values.slice(1)) expect(other[n]!).toBeLessThanOrEqual(srg.values[0]![n]! + 1e-6);
    }
    const mif = curves.find(({ setting, curve }) => setting === 0 && curve === "mif")!;
    expect(mif.at).toEqual(Array.from({ length: WIDTH + 1 }, (_, k) => k / WIDTH));
    expect(mif.methods).toHaveLength(5);
    for (const { low, median, high } of mif.methods)
      median.forEach((value, k) => {
        expect(low[k]! <= value && value <= high[k]!).toBe(true);
      });
  });

  test("comes out the same in other pieces, with two workers, and for some of the samples", async () => {
    const whole = await evaluate(lits.slice(0, 1), task());
    const { data } = task();
    expect((await evaluate(lits, task())).tables).toEqual(whole.tables);
    expect((await evaluate(lits, task({ data: { ...data, chunk: 3 } }))).tables).toEqual(whole.tables);
    const fewer = await evaluate(lits, task({ data: { ...data, count: 5 } }));
    expect(fewer.tables[0]!.values).toEqual(whole.tables[0]!.values.map((values) => values.slice(0, 5)));
    const seeded = await evaluate(lits, task({ seed: 1 }));
    expect(seeded.tables[0]!.values[0]).toEqual(whole.tables[0]!.values[0]);
    expect(seeded.tables[0]!.values[2]).not.toEqual(whole.tables[0]!.values[2]);
  });
});

describe("the store", () => {
  const units = 3 * 5 * 2; // chunks × (methods and random maps) × settings

  test("a stopped run goes on where it stopped, with the same numbers", async () => {
    const whole = await evaluate(lits.slice(0, 1), task());
    const store = memoryStore();
    const stop = new AbortController();
    const onProgress = (done: number, total: number) => {
      expect(total).toBe(units);
      if (done === 13) stop.abort();
    };
    await expect(evaluate(lits.slice(0, 1), task({ store, signal: stop.signal, onProgress }))).rejects.toMatchObject({
      _tag: "Aborted",
    });
    expect(store.puts).toBe(13);
    expect(await evaluate(lits, task({ store }))).toEqual(whole);
    expect(store.puts).toBe(units);
    let reads = 0;
    const { data } = task();
    const again = task({ store, data: { ...data, read: async () => Promise.reject(new Error(`read ${++reads}`)) } });
    expect(await evaluate(lits, again)).toEqual(whole);
    expect([store.puts, reads]).toEqual([units, 0]);
  });

  test("what is missing is computed, what else changes is computed anew", async () => {
    const store = memoryStore();
    await evaluate(lits, task({ store }));
    store.units.delete([...store.units.keys()][4]!);
    await evaluate(lits, task({ store }));
    expect(store.puts).toBe(units + 1);
    const { data, settings, methods } = task();
    await evaluate(lits, task({ store, methods: methods.slice(1), settings: settings.slice(1) }));
    expect(store.puts).toBe(units + 1);
    const names = { methods: [{ ...methods[0]!, name: "another name" }] };
    await evaluate(lits, task({ store, ...names }));
    expect(store.puts).toBe(units + 1);
    for (const changed of [{ data: { ...data, sha256: "2" } }, { data: { ...data, reading: "otherwise" } }, { seed: 3 }]) {
      const before = store.puts;
      await evaluate(lits, task({ store, ...changed }));
      expect(store.puts).toBe(before + units);
    }
  });

  test("so does another weight file, release of the runtime or kind of processor; the file of the model alone does not", async () => {
    const store = memoryStore();
    const opened = async (more: { identity?: string; version?: string; cpu?: string; sha256?: string }) => {
      const { identity = "i", version = "1", cpu = "x", sha256 = "s" } = more;
      const runtime = { ...(await nodeRuntime()), version, cpu };
      await using lit = await load(encodeModelBytes(model(net)), {
        runtime,
        identity: async () => identity,
        sha256: async () => sha256,
      });
      return (await evaluate([lit], task({ store }))).model;
    };
    expect(await opened({})).toEqual({ name: "net", sha256: "s", identity: "i" });
    await opened({ sha256: "another" });
    expect(store.puts).toBe(units);
    for (const [i, more] of [{ identity: "j" }, { version: "2" }, { cpu: "y" }].entries()) {
      await opened(more);
      expect(store.puts).toBe(units * (i + 2));
    }
  });
});

describe("what a metric is given", () => {
  const probed = async (probe: Partial<Metric["card"]>, measure: (trial: Trial) => void, more: Partial<EvaluationTask>) => {
    const card = {
      ...metrics.srg!.card,
      ...probe,
      name: "probe",
      scores: { n: { what: "count", range: "any" } },
      parameters: {},
    };
    const all = metrics as Record<string, Metric>;
    all.probe = {
      card,
      measure: async (trial) => {
        measure(trial);
        return { scores: { n: Float64Array.from(trial.ids, () => trial.x.dims[0]!) } };
      },
    };
    try {
      return await evaluate(lits, task({ settings: [{ metric: "probe" }], randomDraws: 1, ...more }));
    } finally {
      delete all.probe;
    }
  };

  test("of the set: all samples at once", async () => {
    const { tables } = await probed({ scope: "set" }, () => {}, {});
    expect(tables[0]!.values).toEqual(Array.from({ length: 3 }, () => Array(COUNT).fill(COUNT)));
    expect(tables[0]!.direction).toBeUndefined();
  });

  test("masks by the class, the method under test, the numbers of the samples", async () => {
    const { data } = task();
    const masks = (targets: readonly (readonly number[])[]) =>
      floats(
        [targets.length, 1, 1, 1],
        targets.map(([index]) => index!),
      );
    const read: typeof data.read = async (from, count) => ({ ...(await data.read(from, count)), masks });
    const seen: number[] = [];
    let explaining = 0;
    const look = ({ masks, ids, explaining: method, x }: Trial) => {
      expect(Array.from(masks!.data as Float32Array)).toEqual(ids.map((id) => id % 3));
      if (method) explaining++;
      expect(Array.from(x.data)).toEqual(Array.from(rows(ids[0]!, ids.length).data as Float32Array));
      seen.push(...ids);
    };
    await probed({}, look, { data: { ...data, read } });
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT * 3 }, (_, i) => Math.floor(i / 3)));
    expect(explaining).toBe(3 * 3);
  });

  test("undefined scores are null", async () => {
    const { tables } = await evaluate(lits, task({ settings: [{ metric: "srg", params: { steps: "first:1" } }] }));
    expect(tables[0]!.values[0]!.every((value) => typeof value === "number")).toBe(true);
    const store = memoryStore();
    await evaluate(lits, task({ store }));
    for (const [key, text] of store.units) {
      const unit = JSON.parse(text);
      unit.scores.srg[0] = null;
      store.units.set(key, JSON.stringify(unit));
    }
    const { tables: read } = await evaluate(lits, task({ store }));
    expect(read[0]!.values[0]!.map((value) => value === null)).toEqual(Array.from({ length: COUNT }, (_, n) => n % 4 === 0));
  });
});

test("notices that differ in numbers only are told once, samples by their number in the data", async () => {
  const methods = [{ name: "ig", options: { method: "integrated-gradients", params: { steps: 1, quadrature: "left" } } }];
  const curved = "net (float[N,6] x) => (float[N,3] y) <float[6,3] w = random(1)> { m = MatMul(x, w) y = Exp(m) }";
  await using lit = await load(encodeModelBytes(model(curved)), { runtime: await nodeRuntime() });
  const { notices } = await evaluate([lit], task({ methods, settings: [{ metric: "srg" }] }));
  const [told, ...more] = notices.filter((notice) => /miss f/.test(notice));
  expect(told).toMatch(/^integrated gradients of sample \d .* \(and [12] more such\)$/);
  expect(more).toEqual([]);
});

describe("what goes wrong", () => {
  test.each<[string, Partial<EvaluationTask>, string, RegExp]>([
    ["an unknown metric", { settings: [{ metric: "srgg" }] }, "BadRecipe", /metric 'srgg': one of srg/],
    [
      "an unknown parameter",
      { settings: [{ metric: "srg", params: { k: 1 } }] },
      "BadRecipe",
      /metric 'srg' has no parameter 'k'/,
    ],
    ["a value out of range", { settings: [{ metric: "srg", params: { score: "loss" } }] }, "BadRecipe", /score of 'srg'/],
    ["an imputer", { settings: [{ metric: "srg", params: { imputer: "glue" } }] }, "BadRecipe", /imputer 'glue'/],
    [
      "an option of the statistics, before any work",
      { confidence: 2, data: { ...task().data, count: -1 } },
      "BadInput",
      /confidence/,
    ],
    ["no metric", { settings: [] }, "BadInput", /nothing to evaluate/],
    [
      "a method that does not fit the model",
      { methods: [{ name: "my cam", options: { method: "grad-cam" } }] },
      "Unsupported",
      /\(method my cam\)/,
    ],
  ])("%s", async (_, more, tag, message) => {
    await expect(evaluate(lits, task(more))).rejects.toMatchObject({ _tag: tag, message: expect.stringMatching(message) });
  });

  test("an error ends all workers, and is told when they have ended", async () => {
    const { data } = task();
    let reading = 0;
    let broken = () => {};
    const breaking = new Promise<void>((resolve) => {
      broken = resolve;
    });
    const read: typeof data.read = async (from, count) => {
      reading++;
      if (from === 4) {
        broken();
        throw new Error("row 4 is broken");
      }
      // The other worker is still reading when the error comes, and for one turn of the event loop more.
      if (from === 2) {
        await breaking;
        await new Promise(setImmediate);
      }
      reading--;
      return data.read(from, count);
    };
    const store = memoryStore();
    await expect(evaluate(lits, task({ store, data: { ...data, chunk: 2, read } }))).rejects.toThrow("row 4 is broken");
    const puts = store.puts;
    expect(reading).toBe(1);
    await evaluate(lits, task()); // long enough for whatever might still be at work
    expect(store.puts).toBe(puts);
  });
});

describe("curves of many samples", () => {
  const result = (at: readonly number[], values: readonly number[]) =>
    ({ curves: { c: { at: [at], values: [values] } } }) as never;

  test("keep their own places where all share them", () => {
    const [table] = curveTable(2, [[result([0, 0.5, 1], [1, 2, 3]), result([0, 0.5, 1], [3, 4, 5])]]);
    expect(table).toMatchObject({ setting: 2, curve: "c", at: [0, 0.5, 1] });
    expect(table!.methods[0]).toEqual({ mean: [2, 3, 4], median: [2, 3, 4], low: [1.5, 2.5, 3.5], high: [2.5, 3.5, 4.5] });
  });

  test("are read at equal distances where they do not", () => {
    const [table] = curveTable(0, [[result([0, 1], [0, 1]), result([0, 0.4, 1], [0, 0.4, 1])]]);
    expect(table!.at).toHaveLength(101);
    table!.methods[0]!.mean.forEach((value, i) => {
      expect(value).toBeCloseTo(i / 100, 12);
    });
  });

  test("undefined ones are left out, and with them a table of nothing else", () => {
    const [table] = curveTable(0, [[result([0, 1], [1, 2]), result([], [])]]);
    expect(table!.methods[0]!.mean).toEqual([1, 2]);
    expect(curveTable(0, [[result([0, 1], [1, 2])], [result([], [])]])).toEqual([]);
  });

  test("long ones are thinned, ends kept", () => {
    const at = Array.from({ length: 785 }, (_, k) => k / 784);
    const { at: places, values } = thinned(
      at,
      at.map((place) => 3 * place),
    );
    expect(places).toHaveLength(101);
    expect([places[0], places[100], values[0], values[100]]).toEqual([0, 1, 0, 3]);
    expect(values[37]).toBeCloseTo(3 * 0.37, 12);
  });

  test("quantiles lie between the values", () => {
    expect([0, 0.25, 0.5, 1].map((share) => quantileOf([1, 2, 4], share))).toEqual([1, 1.5, 2, 4]);
    expect(quantileOf([7], 0.3)).toBe(7);
  });
});

/** Two runs compared: what matches, what is said of it, what else differs. */
import { describe, expect, test } from "vitest";
import { randomBy } from "../../numeric/random.ts";
import type { EvaluationResult } from "../result.ts";
import { summarise } from "../statistics/summarise.ts";
import { compareRuns } from "./compare.ts";

const FEW = { resamples: 200, permutations: 199 };

interface Run {
  readonly count?: number;
  /** By method: how good. */
  readonly methods?: Readonly<Record<string, number>>;
  readonly key?: number;
}

/** A run in which the samples' own share of a score is the same whatever the key. */
const run = (
  { count = 30, methods = { a: 2, b: 1 }, key = 1 }: Run = {},
  more: Partial<EvaluationResult> = {},
): EvaluationResult => {
  const common = Array.from({ length: count }, (_, i) => 3 * randomBy(0).stream(i).normal());
  const stream = randomBy(1).stream(key);
  const entries = [...Object.entries(methods), ["random", 0], ["random", 0]] as const;
  const scores = (sign: number) => entries.map(([, mean]) => common.map((v) => sign * (v + mean + 0.3 * stream.normal())));
  const evaluated = entries.map(([name], i) => ({
    name,
    ...(name === "random" && { random: true as const }),
    recipe: name === "random" ? { method: "random", draw: i } : { method: "lrp", composite: { name }, params: { epsilon: 1e-6 } },
    hash: name,
  }));
  const tables = [
    { setting: 0, score: "srg", direction: "higher" as const, primary: true, values: scores(1) },
    { setting: 0, score: "auc_random", primary: false, values: scores(1) },
    { setting: 1, score: "deletion", direction: "lower" as const, primary: true, values: scores(-1) },
  ];
  return {
    evaluation: 1,
    version: "1.0.0",
    model: { name: "m.onnx", sha256: "aa" },
    data: { name: "photos", sha256: "dd", count },
    seed: 0,
    methods: evaluated,
    settings: [
      { metric: "srg", params: { imputer: "zero", unit: "grid:16" } },
      { metric: "deletion", params: { imputer: "blur:5" } },
    ],
    samples: common.map((_, i) => ({ name: `${i}.png`, target: [i % 3] })),
    tables,
    curves: [],
    summary: summarise(tables, evaluated, FEW),
    notices: [],
    ...more,
  };
};

describe("two runs", () => {
  test("a run and itself: nothing differs", () => {
    const same = compareRuns(run(), run(), FEW);
    expect(same).toMatchObject({
      differing: [],
      onlyA: [],
      onlyB: [],
      samples: { matched: 30, otherTarget: 0, onlyA: 0, onlyB: 0 },
    });
    expect(same.tables.map(({ metric, score, methods }) => [metric, score, methods.length])).toEqual([
      ["srg", "srg", 3],
      ["srg", "auc_random", 3],
      ["deletion", "deletion", 3],
    ]);
    for (const { methods } of same.tables)
      for (const found of methods)
        expect(found).toMatchObject({ difference: { mean: 0, low: 0, high: 0 }, p: 1, pHolm: 1, effect: 0 });
    expect(JSON.parse(JSON.stringify(same))).toEqual(same);
  });
  test("a better method is found, paired over samples; the others are not", () => {
    const { tables } = compareRuns(run({ methods: { a: 2.5, b: 1 } }), run({ key: 2 }), FEW);
    const [a, b, random] = tables[0]!.methods;
    expect(a).toMatchObject({ a: "a", b: "a", n: 30, p: 1 / 200, pHolm: 3 / 200 });
    expect(a!.difference.low).toBeGreaterThan(0.3);
    expect(a!.meanA - a!.meanB).toBeCloseTo(a!.difference.mean, 12);
    expect(a!.wins).toBeGreaterThan(0.75);
    expect(a!.effect).toBeGreaterThan(0.8);
    expect(b!.p).toBeGreaterThan(0.05);
    expect(random).toMatchObject({ a: "random", b: "random" });
    // Lower is better there: a is ahead, and its difference negative.
    expect(tables[2]!.methods[0]!.difference.high).toBeLessThan(0);
    expect(tables[2]!.methods[0]!.wins).toBeGreaterThan(0.75);
    expect(tables[1]!.methods[0]).not.toHaveProperty("wins");
  });
  test("turned round: the differences change their sign, the p values stay", () => {
    const [one, other] = [run({ methods: { a: 2.2, b: 1 } }), run({ key: 2 })];
    const [there, back] = [compareRuns(one, other, FEW), compareRuns(other, one, FEW)];
    for (const [t, { methods }] of there.tables.entries())
      for (const [m, found] of methods.entries()) {
        const { difference, effect, p, meanA } = back.tables[t]!.methods[m]!;
        expect([difference.mean, effect, meanA]).toEqual([
          expect.closeTo(-found.difference.mean, 12),
          expect.closeTo(-found.effect, 10),
          expect.closeTo(found.meanB, 12),
        ]);
        // Other samples meet other random numbers: the order of the lists is another.
        expect(Math.abs(p - found.p)).toBeLessThan(0.12);
      }
  });
  test("one method with another, in one run or two; agrees with the run's own summary", () => {
    const only = run();
    const { tables, onlyA } = compareRuns(only, only, { methods: [["a", "b"]] });
    expect(onlyA).toEqual([]);
    const [found] = tables[0]!.methods;
    const own = summarise(only.tables, only.methods).tables[0]!.pairs.find(({ a, b }) => a === "a" && b === "b")!;
    expect(found).toMatchObject({ a: "a", b: "b", n: 30, wins: own.wins });
    expect(found!.difference.mean).toBeCloseTo(own.difference.mean, 12);
    expect(found!.difference.low).toBeCloseTo(own.difference.low, 1);
    expect(() => compareRuns(only, only, { methods: [["a", "c"]] })).toThrow(/method 'c' is not in the second run.*a, b, random/);
  });
});

describe("what matches", () => {
  test("samples by name and class, in any order", () => {
    const [whole, part] = [run(), run({ count: 20 })];
    const turned = {
      ...part,
      samples: part.samples.map((sample, i) =>
        i === 4 ? { ...sample, target: [9] } : i === 7 ? { ...sample, name: "new.png" } : sample,
      ),
    };
    const reversed: EvaluationResult = {
      ...turned,
      samples: [...turned.samples].reverse(),
      tables: turned.tables.map((table) => ({ ...table, values: table.values.map((scores) => [...scores].reverse()) })),
    };
    const found = compareRuns(whole, reversed, FEW);
    expect(found.samples).toEqual({ matched: 18, otherTarget: 1, onlyA: 11, onlyB: 1 });
    expect(found.tables[0]!.methods[0]!.n).toBe(18);
    expect(found).toEqual(compareRuns(whole, turned, FEW));
  });
  test("tables by metric, parameters and score; what is alone is named", () => {
    const other = run({ methods: { a: 2, c: 1 } });
    const settings = [other.settings[1]!, { metric: "srg", params: { unit: "grid:16", imputer: "mean" } }];
    const tables = other.tables.map((table) => ({ ...table, setting: 1 - table.setting }));
    const found = compareRuns(run(), { ...other, settings, tables }, FEW);
    expect(found.tables.map(({ metric, a, b }) => [metric, a, b])).toEqual([["deletion", 2, 2]]);
    expect(found.tables[0]!.methods.map(({ a }) => a)).toEqual(["a", "random"]);
    expect(found.onlyA).toEqual([
      'srg srg {"imputer":"zero","unit":"grid:16"}',
      'srg auc_random {"imputer":"zero","unit":"grid:16"}',
      "method b",
    ]);
    expect(found.onlyB.at(-1)).toBe("method c");
  });
  test("undefined scores drop their sample from the pair", () => {
    const holes = run();
    const tables = holes.tables.map((table) => ({
      ...table,
      values: table.values.map((scores, m) => scores.map((v, i) => (m === 0 && i < 29 ? null : m === 1 && i === 0 ? null : v))),
    }));
    const { methods } = compareRuns(run(), { ...holes, tables }, FEW).tables[0]!;
    expect(methods.map(({ a, n }) => [a, n])).toEqual([
      ["b", 29],
      ["random", 30],
    ]);
    expect(methods[0]!.meanA).toBe(methods[0]!.meanB);
  });
  test("nothing in common is an error that says what", () => {
    const bad = (other: EvaluationResult, text: RegExp) =>
      expect(() => compareRuns(run(), other, FEW)).toThrow(
        expect.objectContaining({ _tag: "BadInput", message: expect.stringMatching(text) }),
      );
    bad({ ...run(), settings: run().settings.map(({ params }) => ({ metric: "aopc", params })) }, /no table of scores in common/);
    bad({ ...run(), samples: run().samples.map((sample) => ({ ...sample, name: `x${sample.name}` })) }, /no sample in common/);
    bad({ ...run(), samples: run().samples.map((sample) => ({ ...sample, target: [7] })) }, /no sample in common.*classes/);
    const renamed = run().methods.map((method) => ({ ...method, name: `x-${method.name}` }));
    bad({ ...run(), methods: renamed }, /no method in common/);
    expect(() => compareRuns(run(), run(), { confidence: 2 })).toThrow(/confidence 2/);
  });
});

describe("what else differs", () => {
  test("model, data, version and seed, by what they are and not what they are called", () => {
    const other = run({}, { version: "1.1.0", model: { name: "other.onnx", sha256: "aa" }, seed: 4 });
    expect(compareRuns(run(), other, FEW).differing).toEqual([
      { what: "version", a: "1.0.0", b: "1.1.0" },
      { what: "seed", a: 0, b: 4 },
    ]);
    const others = run({}, { model: { name: "m.onnx", sha256: "bb" }, data: { name: "photos", sha256: "ee", count: 30 } });
    expect(compareRuns(run(), others, FEW).differing.map(({ what }) => what)).toEqual(["model", "data"]);
    const weights = run({}, { model: { name: "m.onnx", sha256: "aa", identity: "cc" } });
    expect(compareRuns(run(), weights, FEW).differing.map(({ what }) => what)).toEqual(["model"]);
    const older = run({}, { model: { name: "m.onnx", sha256: "aa", identity: "aa" } });
    expect(compareRuns(run(), older, FEW).differing).toEqual([]);
  });
  test("recipes, field by field", () => {
    const changed = run();
    const methods = changed.methods.map((method) =>
      method.name === "a"
        ? { ...method, recipe: { method: "lrp", composite: { name: "a" }, params: { epsilon: 0.1, ties: ["first"] } } }
        : method,
    );
    expect(compareRuns(run(), { ...changed, methods }, FEW).differing).toEqual([
      { what: "recipe", method: "a", field: "params.epsilon", a: 1e-6, b: 0.1 },
      { what: "recipe", method: "a", field: "params.ties", b: ["first"] },
    ]);
    expect(compareRuns(run(), run(), { ...FEW, methods: [["a", "b"]] }).differing).toEqual([
      { what: "recipe", method: "a / b", field: "composite.name", a: "a", b: "b" },
    ]);
  });
});

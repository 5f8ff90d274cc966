/** What is read of tree ensembles, against the runtime that runs them; and lowered ones against the file. */
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { expectClose } from "../../test/support/compare.ts";
import { floats, numbers, runModel } from "../../test/support/run.ts";
import { MODES, randomTrees, someNumber, type Wanted } from "../../test/support/trees.ts";
import { graphOf } from "../graph/graph.ts";
import { prepare } from "../lower/prepare.ts";
import { randomBy } from "../numeric/random.ts";
import { evaluate } from "./ensemble.ts";
import { ensembleOf } from "./index.ts";

const F = 4;
const rows = (seed: number, count = 40, missing = false) => {
  const random = randomBy(seed).stream(1);
  const one = () => (missing && random.below(4) === 0 ? Number.NaN : someNumber(random));
  return floats([count, F], Array.from({ length: count * F }, one));
};

/** Raw sums of the first node, row by row. */
const read = (wanted: Wanted, x: ReturnType<typeof rows>): number[] => {
  const ensemble = ensembleOf(graphOf(randomTrees(wanted)).nodes[0]!);
  const data = numbers(x);
  return Array.from({ length: x.dims[0]! }, (_, n) => evaluate(ensemble, data.slice(n * F, (n + 1) * F))).flat();
};

const raw: readonly Wanted[] = [
  { op: "TreeEnsembleRegressor", seed: 1, features: F, modes: MODES, outputs: 2, base: [0.5, -1] },
  { op: "TreeEnsembleRegressor", seed: 2, features: F, modes: MODES, missing: true, aggregate: "AVERAGE", base: [2] },
  { op: "TreeEnsembleRegressor", seed: 3, features: F, modes: MODES, missing: true, aggregate: "MIN" },
  { op: "TreeEnsembleRegressor", seed: 4, features: F, outputs: 2, aggregate: "MAX" },
  { op: "TreeEnsembleClassifier", seed: 5, features: F, modes: MODES, missing: true, outputs: 3 },
  { op: "TreeEnsembleClassifier", seed: 6, features: F, outputs: 3, base: [0.1, 0.2, 0.3] },
  { op: "TreeEnsemble", seed: 7, features: F, modes: [...MODES, "MEMBER"], outputs: 2, trees: 3 },
  { op: "TreeEnsemble", seed: 8, features: F, modes: ["MEMBER", "BRANCH_LEQ"], aggregate: "AVERAGE", trees: 3 },
  { op: "TreeEnsemble", seed: 9, features: F, missing: true, aggregate: "MIN" },
  { op: "TreeEnsemble", seed: 10, features: F, missing: true, outputs: 2, aggregate: "MAX" },
];

describe("the trees read are those that are run", () => {
  test.each(raw)("$op $aggregate, seed $seed", async (wanted) => {
    const x = rows(wanted.seed, 40, wanted.missing);
    const { scores } = await runModel(randomTrees(wanted), { x });
    expectClose(read(wanted, x), numbers(scores), 1e-6, "scores");
  });
});

describe("transforms in plain operators", () => {
  const transforms = ["NONE", "LOGISTIC", "SOFTMAX"];
  const cases: readonly Wanted[] = transforms.flatMap((transform): Wanted[] => [
    { op: "TreeEnsembleClassifier", seed: 11, features: F, outputs: 3, transform, base: [0.1, 0.2, 0.3] },
    { op: "TreeEnsembleClassifier", seed: 12, features: F, outputs: 2, transform },
    { op: "TreeEnsembleClassifier", seed: 12, features: F, outputs: 2, transform, base: [0.3] },
    { op: "TreeEnsembleClassifier", seed: 13, features: F, outputs: 2, transform, oneColumn: "positive" },
    { op: "TreeEnsembleClassifier", seed: 14, features: F, outputs: 2, transform, oneColumn: "mixed", base: [0.2] },
    { op: "TreeEnsembleRegressor", seed: 15, features: F, transform },
    { op: "TreeEnsembleRegressor", seed: 16, features: F, outputs: 2, transform, base: [0.5, -1] },
    { op: "TreeEnsemble", seed: 17, features: F, outputs: 2, transform },
  ]);
  test.each(cases)("$op $transform, $outputs outputs, seed $seed", async (wanted) => {
    const m = randomTrees(wanted);
    const x = rows(wanted.seed);
    const { model } = await prepare(m, await nodeRuntime());
    const [want, got] = [await runModel(m, { x }), await runModel(model, { x })];
    expectClose(numbers(got.scores), numbers(want.scores), 1e-6, "scores");
    if (want.label) expect(numbers(got.label)).toEqual(numbers(want.label));
    const { opType } = model.graph.node.find(({ output }) => output.includes("scores"))!;
    const stays = (wanted.transform === "NONE" && !wanted.oneColumn) || (wanted.outputs ?? 1) === 1;
    expect(opType.startsWith("TreeEnsemble")).toBe(stays);
  });
});

test("circles, missing nodes and wrong counts are a line, not a hang", () => {
  const m = randomTrees({ op: "TreeEnsembleRegressor", seed: 18, features: F, trees: 1 });
  const [node] = graphOf(m).nodes;
  const broken = (name: string, change: (ints: readonly number[]) => number[]) => () =>
    ensembleOf({
      ...node!,
      attribute: node!.attribute.map((a) => (a.name === name ? { ...a, ints: change((a.ints ?? []).map(Number)) } : a)),
    });
  expect(broken("nodes_truenodeids", (ids) => ids.map(() => 0))).toThrow(/two ways lead to node 0:0|cannot be read/);
  expect(broken("nodes_truenodeids", (ids) => ids.map((id) => id + 1000))).toThrow(/there is no node/);
  expect(broken("nodes_featureids", (ids) => ids.slice(1))).toThrow(/entries for/);
  expect(broken("target_ids", (ids) => ids.map(() => 3))).toThrow(/output 3 of 1/);
});

test("a least value over many trees is refused with what else there is", () => {
  const m = randomTrees({ op: "TreeEnsembleRegressor", seed: 19, features: F, trees: 9, aggregate: "MAX" });
  expect(() => ensembleOf(graphOf(m).nodes[0]!)).toThrow(/combinations of leaves.*shapley/);
});

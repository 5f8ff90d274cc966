/** Tree SHAP against Shapley values by their definition, on random trees of all kinds. */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/compare.ts";
import { explain, floats, numbers, runModel } from "../../../test/support/run.ts";
import { MODES, randomTrees, shapleyOf, someNumber, type Wanted } from "../../../test/support/trees.ts";
import { randomBy } from "../../numeric/random.ts";
import type { Recipe } from "../../plan/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";

const F = 5;
const rows = (seed: number, count: number, missing = false): FloatTensor => {
  const random = randomBy(seed).stream(2);
  const one = () => (missing && random.below(4) === 0 ? Number.NaN : someNumber(random));
  return floats([count, F], Array.from({ length: count * F }, one)) as FloatTensor;
};

/** φ of every row by definition, the model itself asked for all mixtures of x and z. */
const bruteForce = async (
  m: ReturnType<typeof randomTrees>,
  x: FloatTensor,
  z: FloatTensor,
  score: (row: readonly number[]) => number,
): Promise<number[]> => {
  const [n, background] = [x.dims[0]!, z.dims[0]!];
  const mixed: number[] = [];
  for (let i = 0; i < n; i++)
    for (let k = 0; k < background; k++)
      for (let subset = 0; subset < 2 ** F; subset++)
        for (let f = 0; f < F; f++) mixed.push(subset & (1 << f) ? x.data[i * F + f]! : z.data[k * F + f]!);
  const { scores } = await runModel(m, { x: floats([mixed.length / F, F], mixed) });
  const width = scores!.dims.at(-1)!;
  const all = numbers(scores);
  const at = (row: number) => score(all.slice(row * width, (row + 1) * width));
  return Array.from({ length: n }, (_, i) => {
    const total = new Array<number>(F).fill(0);
    for (let k = 0; k < background; k++) {
      const first = (i * background + k) * 2 ** F;
      const phi = shapleyOf(F, (subset) => at(first + subset));
      for (const [f, v] of phi.entries()) total[f]! += v / background;
    }
    return total;
  }).flat();
};

const method: Recipe = { method: "tree-shap", params: { baseline: "references" } };
const cases: readonly (Wanted & { readonly target?: number })[] = [
  { op: "TreeEnsembleRegressor", seed: 1, features: F, modes: MODES, trees: 4, depth: 5, base: [3] },
  { op: "TreeEnsembleRegressor", seed: 2, features: F, modes: MODES, missing: true, trees: 3, aggregate: "AVERAGE" },
  { op: "TreeEnsembleRegressor", seed: 3, features: F, trees: 2, aggregate: "MAX" },
  { op: "TreeEnsembleRegressor", seed: 4, features: F, outputs: 3, target: 2 },
  { op: "TreeEnsembleClassifier", seed: 5, features: F, outputs: 3, target: 1 },
  { op: "TreeEnsembleClassifier", seed: 6, features: F, outputs: 2, oneColumn: "positive", target: 0 },
  { op: "TreeEnsemble", seed: 7, features: F, modes: [...MODES, "MEMBER"], missing: true, outputs: 2, trees: 3, target: 1 },
  { op: "TreeEnsemble", seed: 8, features: F, trees: 3, aggregate: "AVERAGE" },
  { op: "TreeEnsemble", seed: 303, features: F, modes: ["MEMBER"], missing: true, trees: 3, depth: 4 },
];

describe("values of the raw score", () => {
  test.each(cases)("$op $aggregate, seed $seed", async (wanted) => {
    const m = randomTrees(wanted);
    const [x, z] = [rows(wanted.seed, 6, wanted.missing), rows(wanted.seed + 100, 4, wanted.missing)];
    const target = wanted.target ?? 0;
    const options = wanted.target === undefined ? {} : { target: { kind: "index", index: [target] } as const };
    const { relevance, out, compiled } = await explain(m, { x }, { recipe: method, references: z, evidence: true, ...options });
    expectClose(relevance, await bruteForce(m, x, z, (row) => row[target]!), 2e-6, "φ");
    const scores = numbers(out[compiled.names.scores!]);
    for (let n = 0; n < 6; n++) {
      const sum = relevance.slice(n * F, (n + 1) * F).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(scores[2 * n]! - scores[2 * n + 1]!, 5);
    }
  });
});

describe("links and what is made of one tree", () => {
  const at = (wanted: Wanted, target: number, params: Recipe) => {
    const m = randomTrees(wanted);
    const [x, z] = [rows(wanted.seed, 5), rows(wanted.seed + 100, 3)];
    const question = {
      recipe: { ...method, ...params },
      references: z,
      evidence: true,
      target: { kind: "index", index: [target] },
    } as const;
    return { m, x, z, answer: explain(m, { x }, question) };
  };
  const logit = (p: number) => Math.log(p / (1 - p));

  test.each([0, 1])("the margin of class %i of two is explained with its sign", async (target) => {
    const { m, x, z, answer } = at(
      { op: "TreeEnsembleClassifier", seed: 21, features: F, outputs: 2, oneColumn: "mixed", transform: "LOGISTIC" },
      target,
      {},
    );
    expectClose((await answer).relevance, await bruteForce(m, x, z, (row) => logit(row[target]!)), 1e-5, "φ");
  });
  test("A minus B of a softmax is the log of the ratio of their probabilities", async () => {
    const { m, x, z, answer } = at({ op: "TreeEnsembleClassifier", seed: 22, features: F, outputs: 3, transform: "SOFTMAX" }, 0, {
      seed: { contrast: 2 },
    });
    expectClose((await answer).relevance, await bruteForce(m, x, z, (row) => Math.log(row[0]! / row[2]!)), 1e-5, "φ");
  });
  test("a probability is complete", async () => {
    const { m, x, z, answer } = at(
      { op: "TreeEnsembleClassifier", seed: 23, features: F, outputs: 2, oneColumn: "mixed", transform: "LOGISTIC" },
      1,
      { score: "probability" },
    );
    const { relevance, out, compiled } = await answer;
    const own = numbers((await runModel(m, { x })).scores);
    const there = numbers((await runModel(m, { x: z })).scores);
    const mean = (there[1]! + there[3]! + there[5]!) / 3;
    for (let n = 0; n < 5; n++) {
      const sum = relevance.slice(n * F, (n + 1) * F).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(own[2 * n + 1]! - mean, 5);
      expect(numbers(out[compiled.names.scores!]).slice(2 * n, 2 * n + 2)).toEqual([
        expect.closeTo(own[2 * n + 1]!, 5),
        expect.closeTo(mean, 5),
      ]);
    }
  });
  test("of a softmax it is refused, and so are log-odds", async () => {
    const wanted: Wanted = { op: "TreeEnsembleClassifier", seed: 24, features: F, outputs: 3, transform: "SOFTMAX" };
    await expect(at(wanted, 0, { score: "probability" }).answer).rejects.toThrow(/softmax of several scores.*A minus B/);
    await expect(at(wanted, 0, { seed: "log-odds" }).answer).rejects.toThrow(/no sum over trees.*contrastive/);
  });
  test("interactions by definition; they add up to the values", async () => {
    const wanted: Wanted = { op: "TreeEnsembleRegressor", seed: 25, features: F, modes: MODES, trees: 3, depth: 5 };
    const m = randomTrees(wanted);
    const [x, z] = [rows(25, 4), rows(125, 3)];
    const recipe = { method: "tree-shap", params: { baseline: "references", interactions: true } };
    const { relevance, out, compiled } = await explain(m, { x }, { recipe, references: z });
    const got = numbers(out[compiled.names.interactions!]);
    expect(out.interactions!.dims).toEqual([4, F, F]);
    const want = await pairsByDefinition(m, x, z);
    expectClose(got, want, 2e-6, "Φ");
    for (let n = 0; n < 4 * F; n++)
      expect(got.slice(n * F, (n + 1) * F).reduce((a, b) => a + b, 0)).toBeCloseTo(relevance[n]!, 5);
  });
});

/** Φ_ij = ½ Σ_S |S|! (n−|S|−2)!/(n−1)! (v(S∪ij) − v(S∪i) − v(S∪j) + v(S)), Φ_ii = φ_i − Σ Φ_ij. */
const pairsByDefinition = async (m: ReturnType<typeof randomTrees>, x: FloatTensor, z: FloatTensor): Promise<number[]> => {
  const subsets = 2 ** F;
  const [n, background] = [x.dims[0]!, z.dims[0]!];
  const mixed: number[] = [];
  for (let i = 0; i < n; i++)
    for (let k = 0; k < background; k++)
      for (let s = 0; s < subsets; s++)
        for (let f = 0; f < F; f++) mixed.push(s & (1 << f) ? x.data[i * F + f]! : z.data[k * F + f]!);
  const scores = numbers((await runModel(m, { x: floats([mixed.length / F, F], mixed) })).scores);
  const bits = (s: number) => [...s.toString(2)].filter((c) => c === "1").length;
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  return Array.from({ length: n }, (_, i) => {
    const total = new Array<number>(F * F).fill(0);
    for (let k = 0; k < background; k++) {
      const v = (s: number) => scores[(i * background + k) * subsets + s]! / background;
      const phi = shapleyOf(F, v);
      for (let a = 0; a < F; a++) {
        for (let b = 0; b < F; b++) {
          if (a === b) continue;
          const both = (1 << a) | (1 << b);
          let sum = 0;
          for (let s = 0; s < subsets; s++)
            if ((s & both) === 0)
              sum +=
                ((factorial(bits(s)) * factorial(F - bits(s) - 2)) / factorial(F - 1)) *
                (v(s | both) - v(s | (1 << a)) - v(s | (1 << b)) + v(s));
          total[a * F + b]! += sum / 2;
          total[a * F + a]! -= sum / 2;
        }
        total[a * F + a]! += phi[a]!;
      }
    }
    return total;
  }).flat();
};

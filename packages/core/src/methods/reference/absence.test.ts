/**
 * Every method and metric that has something stand for absence, with references, on every kind of input. Where the references are the sample
 * itself nothing is ever absent: no method may find anything, no metric a change.
 */
import { describe, expect, test } from "vitest";
import { loadText } from "../../../test/support/load.ts";
import { floats, ints } from "../../../test/support/run.ts";
import { compiledMethods } from "../../compiled/index.ts";
import { metrics } from "../../evaluate/metrics/index.ts";
import { judgeOf } from "../../evaluate/run/judge.ts";
import type { Explainer } from "../../explain/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { takesReferences } from "../beside.ts";
import { methods } from "../index.ts";

const wave = (count: number, shift = 0): number[] => Array.from({ length: count }, (_, i) => Math.sin(1 + shift + 1.7 * i));
const EMBEDDED = [0.5, -1, 2, 1, 1, -0.5, -2, 0.25, 1.5, 0.75];

interface Kind {
  readonly net: string;
  readonly x: Tensor;
  /** The sample as the explained value has it. */
  readonly own: FloatTensor;
  readonly other: FloatTensor;
}

const float = (dims: number[], data: number[]) => floats(dims, data) as FloatTensor;

const KINDS: Readonly<Record<string, Kind>> = {
  picture: {
    net: `net (float[N,3,4,4] x) => (float[N,2] y) <float[4,3,3,3] k = random(3), float[4,2] w = random(1)>
      { c = Conv <pads=[1,1,1,1]> (x, k) r = Relu(c) p = GlobalAveragePool(r) f = Flatten(p) y = MatMul(f, w) }`,
    x: float([1, 3, 4, 4], wave(48)),
    own: float([1, 3, 4, 4], wave(48)),
    other: float([2, 3, 4, 4], wave(96, 3)),
  },
  table: {
    net: "net (float[N,4] x) => (float[N,2] y) <float[4,6] w = random(1), float[6,2] v = random(2)> { a = MatMul(x, w) r = Relu(a) y = MatMul(r, v) }",
    x: float([1, 4], wave(4)),
    own: float([1, 4], wave(4)),
    other: float([3, 4], wave(12, 3)),
  },
  series: {
    net: `net (float[N,2,12] x) => (float[N,2] y) <float[4,2,3] k = random(3), float[4,2] w = random(1)>
      { c = Conv <pads=[1,1]> (x, k) r = Relu(c) p = GlobalAveragePool(r) f = Flatten(p) y = MatMul(f, w) }`,
    x: float([1, 2, 12], wave(24)),
    own: float([1, 2, 12], wave(24)),
    other: float([2, 2, 12], wave(48, 3)),
  },
  text: {
    net: `net (int64[N,4] ids) => (float[N,2] y) <float[5,2] e = {${EMBEDDED}}, float[2,2] w = random(1)>
      { v = Gather(e, ids) t = Tanh(v) m = ReduceMean <axes = [1], keepdims = 0> (t) y = MatMul(m, w) }`,
    x: ints([1, 4], [1, 3, 0, 2]),
    own: float(
      [1, 4, 2],
      [1, 3, 0, 2].flatMap((id) => EMBEDDED.slice(2 * id, 2 * id + 2)),
    ),
    other: float([1, 4, 2], wave(8, 3)),
  },
};

/** Small, so that all of them take a second. */
const FEW: Readonly<Record<string, Record<string, unknown>>> = {
  rise: { masks: 40 },
  lime: { samples: 60 },
  "kernel-shap": { samples: 60 },
  shapley: { permutations: 4 },
  "expected-gradients": { samples: 8 },
  "integrated-gradients": { steps: 8 },
};
/** Of trees. */
const OTHER_MODELS = new Set(["tree-shap"]);
const comparing = Object.keys({ ...methods, ...compiledMethods }).filter(
  (name) => takesReferences(name, FEW[name]) && !OTHER_MODELS.has(name),
);
const removing = Object.values(metrics).filter(({ card }) => "imputer" in card.parameters || "baseline" in card.parameters);

const map = async (lit: Explainer, { x }: Kind, method: string, references: FloatTensor): Promise<readonly number[]> => {
  const { relevance } = await lit.explain(x, { method, target: 0, references, params: FEW[method] ?? {} });
  return Array.from(relevance.data as Float32Array);
};

test("the lists are not empty", () => {
  expect(comparing).toEqual(expect.arrayContaining(["deep-shap", "kernel-shap", "occlusion", "expected-gradients"]));
  expect(removing.length).toBeGreaterThan(15);
});

describe.each(Object.entries(KINDS))("%s", (_, kind) => {
  test.each(comparing)("%s", async (method) => {
    await using lit = await loadText(kind.net);
    const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
    const none = await map(lit, kind, method, kind.own);
    // RISE sums scores themselves, not what they lose.
    if (method !== "rise") expect(Math.max(...none.map(Math.abs))).toBeLessThan(2e-4);
    const some = await map(lit, kind, method, kind.other);
    expect(some.every(Number.isFinite)).toBe(true);
    expect(spread(some)).toBeGreaterThan(1e-3);
  });

  test("metrics", async () => {
    await using lit = await loadText(kind.net);
    const judge = await judgeOf(lit, kind.x, { target: 0, references: kind.own });
    const relevance = judge.x;
    for (const metric of removing) {
      const { name, parameters } = metric.card;
      const filled = { ...("imputer" in parameters && { imputer: "references" }), ...("unit" in parameters && { unit: "auto" }) };
      const asked = { ...filled, ...("baseline" in parameters && { baseline: "references" }), score: "logit" };
      const { curves = {} } = await judge.measure(metric, asked, { relevance });
      for (const { values } of "aggregate" in parameters ? Object.values(curves) : [])
        for (const curve of values) expect([name, Math.max(...curve) - Math.min(...curve)]).toEqual([name, expect.closeTo(0, 4)]);
    }
  });
});

/**
 * Values that are infinite or no number inside a model whose output does not depend on them: masked scores, branches that are not
 * taken, padded rows. Backward nothing comes of them: gradients are those of central differences, relevance is finite and its ledger
 * closes, DeepLIFT adds up to f(x) − f(x′).
 */
import { describe, expect, test } from "vitest";
import { COLUMNS } from "../../src/emit/index.ts";
import type { Recipe } from "../../src/plan/index.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { absSum, expectClose, sum } from "../support/compare.ts";
import { explain, type Feeds, floats, ints, noise, numbers, runModel } from "../support/run.ts";
import { numericVjp } from "../support/vjp.ts";

interface Case {
  readonly inputs?: string;
  readonly held?: string;
  readonly nodes: string;
  readonly x: Tensor;
  readonly feeds?: Feeds;
  /** Where a branch depends on x and jumps, differences from a reference do not add up. */
  readonly jumps?: true;
  readonly opset?: number;
}

const CLASSES = 3;
const attention = (scores: string, rest = "o = MatMul(p, v)") =>
  `q = MatMul(x, wq) k = MatMul(x, wk) v = MatMul(x, wv) kt = Transpose <perm=[0,2,1]> (k) s = MatMul(q, kt) ${scores} ${rest} a = ReduceMean <axes=[1], keepdims=0> (o)`;
const weights = "float[4,4] wq = random(1), float[4,4] wk = random(2), float[4,4] wv = random(3)";
const tokens = noise([2, 3, 4], 11, 2);
const row = floats([2, 4], [0.5, -0.75, 1.5, -2, -0.25, 0.8, -1.1, 3]);
/** The second sample is masked as a whole. */
const none = { mask: ints([2, 1, 3], [1, 1, 0, 0, 0, 0]) };
const guarded = "n = IsNaN(p0) p = Where(n, zero, p0)";

const cases: Readonly<Record<string, Case>> = {
  "a causal mask of −∞": {
    held: `${weights}, float[3,3] m = {0, -inf, -inf, 0, 0, -inf, 0, 0, 0}`,
    nodes: attention("t = Add(s, m) p = Softmax <axis=-1> (t)"),
    x: tokens,
  },
  "−∞ by Where, every key masked, the weights guarded": {
    inputs: "int64[N,1,3] mask",
    held: `${weights}, int64 nought = {0}, float low = {-inf}, float zero = {0}`,
    nodes: attention(`c = Equal(mask, nought) t = Where(c, low, s) p0 = Softmax <axis=-1> (t) ${guarded}`),
    x: tokens,
    feeds: none,
  },
  "−∞ as the logarithm of a mask": {
    inputs: "int64[N,1,3] mask",
    held: `${weights}, float zero = {0}`,
    nodes: attention(`f = Cast <to=1> (mask) l = Log(f) t = Add(s, l) p0 = Softmax <axis=-1> (t) ${guarded}`),
    x: tokens,
    feeds: none,
  },
  "−∞ fed by the caller": {
    inputs: "float[N,1,3] mask",
    held: weights,
    nodes: attention("t = Add(s, mask) p = Softmax <axis=-1> (t)"),
    x: tokens,
    feeds: { mask: floats([2, 1, 3], [0, 0, -Infinity, 0, -Infinity, -Infinity]) },
  },
  "the rows of padding are no numbers, and are left out": {
    inputs: "int64[N,1,3] mask",
    held: `${weights}, int64 nought = {0}, float low = {-inf}, float zero = {0}, float[4] gain = random(7), float[3,3] keep = {0, 1, 1, 1, 1, 1, 1, 1, 1}, int64[1] from = {1}, int64[1] to = {3}, int64[1] one = {1}`,
    nodes: `${attention(
      "open = Cast <to=1> (mask) k2 = Mul(open, keep) c = Equal(k2, zero) t = Where(c, low, s) p = Softmax <axis=-1> (t)",
      "h = MatMul(p, v) n = LayerNormalization(h, gain) b = MatMul(n, wq) r = Relu(b) o = Slice(r, from, to, one)",
    )}`,
    x: tokens,
    feeds: { mask: ints([2, 1, 3], [1, 0, 0, 1, 1, 0]) },
  },
  "scores of −∞ under LogSumExp": {
    inputs: "float[N,1,3] mask",
    held: weights,
    nodes:
      "q = MatMul(x, wq) k = MatMul(x, wk) kt = Transpose <perm=[0,2,1]> (k) s = MatMul(q, kt) t = Add(s, mask) l = ReduceLogSumExp <axes=[2]> (t) o = Mul(l, q) a = ReduceMean <axes=[1], keepdims=0> (o)",
    x: tokens,
    feeds: { mask: floats([2, 1, 3], [0, 0, -Infinity, 0, -Infinity, 0]) },
  },
  "a logarithm where x is positive": {
    held: "float zero = {0}",
    nodes: "c = Greater(x, zero) l = Log(x) a = Where(c, l, x)",
    x: row,
    jumps: true,
  },
  "a square root where x is positive": {
    held: "float zero = {0}",
    nodes: "c = Greater(x, zero) l = Sqrt(x) n = Neg(x) s = Sqrt(n) t = Neg(s) a = Where(c, l, t)",
    x: row,
  },
  "a power where x is positive (Yeo–Johnson)": {
    held: "float zero = {0}, float one = {1}, float[4] p = {-0.3, 0.4, 1.3, 0.8}, float[4] two = {2.3, 1.6, 0.7, 1.2}",
    nodes:
      "c = Less(x, zero) u = Add(x, one) up = Pow(u, p) u1 = Sub(up, one) ua = Div(u1, p) w0 = Sub(one, x) wp = Pow(w0, two) w1 = Sub(one, wp) wa = Div(w1, two) a = Where(c, wa, ua)",
    x: row,
    jumps: true, // NaN at the reference of a branch
  },
  "the imputer's form: NaN replaced, then weighed with 0": {
    held: "float zero = {0}",
    nodes:
      "c = Greater(x, zero) on = Cast <to=1> (c) l = Log(x) bad = IsNaN(l) i = Where(bad, zero, l) k = Mul(i, on) a = Add(k, x)",
    x: row,
    jumps: true,
  },
  "a sigmoid by hand, far out": {
    held: "float one = {1}, float far = {90}",
    nodes: "b = Mul(x, far) n = Neg(b) e = Exp(n) d = Add(e, one) s = Reciprocal(d) a = Add(s, x)",
    x: floats([2, 4], [1.5, -1.5, 0.004, -0.003, 2, -2, 0.01, -1]),
  },
  "ELU by Where, far out": {
    held: "float zero = {0}, float one = {1}, float far = {90}",
    nodes: "b = Mul(x, far) c = Greater(b, zero) e = Exp(b) m = Sub(e, one) a = Where(c, b, m)",
    x: floats([2, 4], [1.5, -1.5, 0.004, -0.003, 2, -2, 0.01, -1]),
  },
  "x over its norm, a row of zeros left out": {
    held: "float zero = {0}, float[4] w4 = random(9)",
    nodes: "r = Relu(x) n = ReduceL2 <axes=[1]> (r) d = Div(r, n) c = Equal(n, zero) o = Where(c, zero, d) a = Mul(o, w4)",
    x: floats([2, 4], [0.5, 0.75, 1.5, 2, -0.25, -0.8, -1.1, -3]),
    jumps: true,
  },
  "a maximum of what is left": {
    held: "float zero = {0}, float low = {-inf}, float least = {-1e30}, int64[1] axis = {1}, int64[2] shape = {-1, 4}",
    nodes:
      "c = Greater(x, zero) t = Where(c, x, low) u = Unsqueeze(t, axis) p = MaxPool <kernel_shape=[2], pads=[0,1]> (u) f = Reshape(p, shape) i = Less(f, least) o = Where(i, zero, f) a = Add(o, x)",
    x: row,
    jumps: true,
  },
  "a quotient by what may be 0": {
    held: "float zero = {0}",
    nodes: "r = Relu(x) c = Equal(r, zero) q = Div(x, r) l = Where(c, x, q) a = Mul(l, x)",
    x: row,
    jumps: true,
  },
};

const textOf = ({ inputs, held, nodes, x, opset = 17 }: Case): string => {
  const dims = ["N", ...x.dims.slice(1)].join();
  return `<ir_version: 9, opset_import: ["" : ${opset}]> net (float[${dims}] x${inputs ? `, ${inputs}` : ""}) => (float[N,${CLASSES}] y)
    <${held ? `${held}, ` : ""}float[4,${CLASSES}] top = random(40), float[${CLASSES}] bias = random(41)> { ${nodes} logits = MatMul(a, top) y = Add(logits, bias) }`;
};
const target = { kind: "index", index: [1] } as const;

describe.each(Object.entries(cases))("%s", (_, given) => {
  const text = textOf(given);
  const feeds: Feeds = { x: given.x, ...given.feeds };
  const asked = { explain: ["x"] };

  test("the gradient is that of differences", async () => {
    const seed = [0, 1, 0, 0, 1, 0];
    const want = await numericVjp(text, feeds, "x", seed, 2 ** -11);
    const { relevance } = await explain(text, feeds, { recipe: { method: "gradient", ...asked }, target, sample: feeds });
    expectClose(relevance, want, 4e-3);
  });

  test.each(["epsilon", "gamma", "attnlrp", "attnlrp-gamma", "cp-lrp", "zplus", "epsilon-alpha2-beta1"])(
    "%s is finite, and its ledger closes",
    async (composite) => {
      const recipe: Recipe = { composite, seed: "logit", ...asked };
      const { out, compiled, relevance } = await explain(text, feeds, { recipe, target, ledger: true, sample: feeds });
      expect(relevance.every(Number.isFinite)).toBe(true);
      const cells = numbers(out.ledger!);
      expect(cells.every(Number.isFinite)).toBe(true);
      const perSample = cells.length / 2;
      const losses = [0, 1].map((n) => {
        const rows = cells.slice(n * perSample, (n + 1) * perSample);
        return sum(rows.filter((_, i) => i % COLUMNS.length > 1));
      });
      const size = relevance.length / 2;
      const seeds = numbers(out.y!).filter((_, i) => i % CLASSES === 1);
      const most = Math.max(...cells.map(Math.abs), ...seeds.map(Math.abs));
      for (const n of [0, 1]) {
        const rest = seeds[n]! - losses[n]! - sum(relevance.slice(n * size, (n + 1) * size));
        expect(Math.abs(rest) / most).toBeLessThan(1e-3);
      }
      expect(compiled.ledgerRows.length).toBeGreaterThan(2);
    },
  );

  test("DeepLIFT is finite, and complete where nothing jumps", async () => {
    const { relevance } = await explain(text, feeds, { recipe: { method: "deeplift", ...asked }, target, sample: feeds });
    expect(relevance.every(Number.isFinite)).toBe(true);
    const zero = { ...given.x, data: new Float32Array(given.x.data.length) } as Tensor;
    const [here, there] = [await runModel(text, feeds), await runModel(text, { ...feeds, x: zero })];
    const want = [1, 4].map((i) => numbers(here.y)[i]! - numbers(there.y)[i]!);
    const size = relevance.length / 2;
    const got = [0, 1].map((n) => sum(relevance.slice(n * size, (n + 1) * size)));
    if (!given.jumps && want.every(Number.isFinite)) expectClose(got, want, 1e-3);
  });
});

test("nothing is written where nothing can happen", async () => {
  const text = textOf({ held: weights, nodes: attention("p = Softmax <axis=-1> (s)"), x: tokens });
  const { compiled } = await explain(text, { x: tokens }, { recipe: { composite: "attnlrp" } });
  expect(compiled.model.graph.node.filter(({ opType }) => opType === "Where" || opType === "IsNaN")).toEqual([]);
  expect(absSum([...compiled.plan.unbounded].map(() => 1))).toBe(0);
});

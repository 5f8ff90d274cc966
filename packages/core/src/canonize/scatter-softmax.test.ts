/** The softmax of graph attention: over the edges into one node, as exporters spell it out. */
import { describe, expect, test } from "vitest";
import { expectClose, norm } from "../../test/support/compare.ts";
import { explain, type Feeds, ints, noise, numbers } from "../../test/support/run.ts";
import { checkDerivative } from "../../test/support/vjp.ts";
import type { Recipe } from "../plan/index.ts";

const HEAD = '<ir_version: 9, opset_import: ["" : 18]> net';
const HELD = [
  "float[4,1] a = random(2), float[4,3] v = random(3), float[2,1] low = {-1e9, -1e9}, float[2,1] none = {0, 0}, float[2,3] zeros = {0,0,0,0,0,0}",
  "float[2] low1 = {-1e9, -1e9}, float[2] none1 = {0, 0}, float tiny = {1e-16}, int64[1] last = {-1}, int64 one = {1}, int64[2] to = {-1, 1}",
].join(", ");
/** Edges × features in, what two nodes sum up over their edges out. `weights` makes w [E,1] of e [E,1]. */
const attention = (weights: string) =>
  `${HEAD} (float[5,4] x, int64[5] i) => (float[2,3] y) <${HELD}> {
    e = MatMul(x, a) i1 = Unsqueeze(i, last) ${weights} h = MatMul(x, v) m = Mul(h, w) y = ScatterND <reduction="add"> (zeros, i1, m) }`;

const FORMS: readonly (readonly [string, string])[] = [
  [
    "elements, as PyTorch Geometric writes it",
    'p = ScatterElements <axis=0, reduction="max"> (low, i1, e) q = Gather(p, i) d = Sub(e, q) t = Exp(d) s = ScatterElements <axis=0, reduction="add"> (none, i1, t) r = Gather(s, i) b = Add(r, tiny) w = Div(t, b)',
  ],
  [
    "rows, the constant added before reading",
    't = Exp(e) s = ScatterND <reduction="add"> (none, i1, t) b = Add(tiny, s) r = GatherND(b, i1) w = Div(t, r)',
  ],
  [
    "elements read by elements",
    'ii = Reshape(i, to) p = ScatterElements <axis=0, reduction="max"> (low, ii, e) q = GatherElements <axis=0> (p, i1) d = Sub(e, q) t = Exp(d) s = ScatterElements <axis=0, reduction="add"> (none, i1, t) r = GatherElements <axis=0> (s, ii) w = Div(t, r)',
  ],
];
const feeds = (index: number[]): Feeds => ({ x: noise([5, 4], 4), i: ints([5], index) });
const recipe = { method: "attnlrp", seed: "vector" } as const;
const map = async (text: string, x: Feeds) => explain(text, x, { recipe, sample: x }, { seed: noise([2, 3], 8) });

describe.each(FORMS)("%s", (_, weights) => {
  test("is one softmax, that over one axis where all edges end at one node", async () => {
    const dense = "w = Softmax <axis=0> (e)";
    const x = feeds([0, 0, 0, 0, 0]);
    const [got, want] = [await map(attention(weights), x), await map(attention(dense), x)];
    expect(got.compiled.plan.steps.map(({ op }) => op)).toContain("Softmax over edges");
    expectClose(numbers(got.out.y), numbers(want.out.y), 1e-5, "forward");
    expectClose(got.relevance, want.relevance, 1e-4);
  });

  test("every node by itself", async () => {
    const x = feeds([1, 0, 1, 1, 0]);
    const { relevance } = await map(attention(weights), x);
    const some = async (edges: number[]) => {
      const rows = edges.flatMap((k) => numbers(x.x).slice(4 * k, 4 * k + 4));
      const text = attention(weights).replaceAll("[5", `[${edges.length}`);
      const own = {
        x: { ...x.x!, dims: [edges.length, 4], data: Float32Array.from(rows) },
        i: ints(
          [edges.length],
          edges.map((k) => (k === 1 || k === 4 ? 0 : 1)),
        ),
      };
      return (await map(text, own)).relevance;
    };
    const [ones, zeros] = [await some([0, 2, 3]), await some([1, 4])];
    const row = (list: readonly number[], k: number) => list.slice(4 * k, 4 * k + 4);
    expectClose(relevance, [row(ones, 0), row(zeros, 0), row(ones, 1), row(ones, 2), row(zeros, 1)].flat(), 1e-4);
    expect(norm(relevance)).toBeGreaterThan(0.01);
  });
});

test("another reduction is no softmax", async () => {
  const weights = `t = Exp(e) s = ScatterElements <axis=0, reduction="mul"> (none, i1, t) r = Gather(s, i) b = Add(r, tiny) w = Div(t, b)`;
  const x = feeds([1, 0, 1, 1, 0]);
  const choice: Recipe = { ...recipe, onUnsupported: "detach" };
  const { compiled } = await explain(attention(weights), x, { recipe: choice, sample: x }, { seed: noise([2, 3], 8) });
  expect(compiled.plan.steps.map(({ op }) => op)).not.toContain("Softmax over edges");
});

test("another index is no softmax", async () => {
  const weights =
    'j = Cast <to=7> (i) k = Mul(j, one) t = Exp(e) s = ScatterND <reduction="add"> (none, i1, t) r = Gather(s, k) w = Div(t, r)';
  const { compiled } = await map(attention(weights), feeds([1, 0, 1, 1, 0]));
  expect(compiled.plan.steps.map(({ op }) => op)).not.toContain("Softmax over edges");
});

describe("the winner of what is scattered", () => {
  test.each([
    [
      "ScatterElements",
      "max",
      'ScatterElements <axis=0, reduction="max"> (x, i, u)',
      "float[3,2] x, float[4,2] u",
      "int64[4,2] i = {0,1,0,1,2,2,0,1}",
    ],
    [
      "ScatterElements",
      "min",
      'ScatterElements <axis=1, reduction="min"> (x, i, u)',
      "float[2,3] x, float[2,4] u",
      "int64[2,4] i = {0,1,0,1,2,2,0,1}",
    ],
    ["ScatterND", "max", 'ScatterND <reduction="max"> (x, i, u)', "float[3,2] x, float[4,2] u", "int64[4,1] i = {0,1,0,2}"],
    ["ScatterND", "min", 'ScatterND <reduction="min"> (x, i, u)', "float[3,2] x, float[4,2] u", "int64[4,1] i = {0,1,0,2}"],
  ])("%s with %s: its derivative", async (_, _reduction, call, inputs, index) => {
    const text = `<ir_version: 9, opset_import: ["" : 18]> net (${inputs}) => (float[] y) <${index}, float unit = {1}> { z = ${call} y = Mul(z, unit) }`;
    const dims = [.../float\[(\d),(\d)\]/g[Symbol.matchAll](inputs)].map(([, a, b]) => [Number(a), Number(b)]);
    const { gradients } = await checkDerivative(text, { x: noise(dims[0]!, 3), u: noise(dims[1]!, 4) }, { h: 2 ** -10 });
    expect(Object.values(gradients).every((g) => norm(g) > 0)).toBe(true);
  });

  test("ties: what is there, then the first update", async () => {
    const text = `<ir_version: 9, opset_import: ["" : 18]> net (float[2] x, float[4] u) => (float[2] y) <int64[4] i = {0,0,1,1}> {
      y = ScatterElements <axis=0, reduction="max"> (x, i, u) }`;
    const x: Feeds = {
      x: { type: "float32", dims: [2], data: Float32Array.of(1, 0) },
      u: { type: "float32", dims: [4], data: Float32Array.of(1, 1, 2, 2) },
    };
    const seed = { type: "float32", dims: [2], data: Float32Array.of(3, 5) } as const;
    const { out, compiled } = await explain(text, x, { recipe: { method: "gradient", seed: "vector" } }, { seed });
    const at = (name: string) => numbers(out[compiled.names.relevance[name]!]);
    expect([at("x"), at("u")]).toEqual([
      [3, 0],
      [0, 0, 5, 0],
    ]);
  });
});

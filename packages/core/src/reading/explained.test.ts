import { describe, expect, test } from "vitest";
import { tracedModel } from "../../test/support/run.ts";
import { planModel } from "../compile/index.ts";
import type { Recipe } from "../plan/recipe-fields.ts";

const planOf = async (text: string, recipe: Recipe = {}) => planModel(await tracedModel(text), recipe).plan;
const explainedBy = async (text: string) => (await planOf(text)).explained;

const TABLE = "float[20,4] table = random(1)";
const pooled = (inputs: string, constants: string, nodes: string) =>
  `net (${inputs}) => (float[N,4] y) <${[TABLE, ...(constants ? [constants] : [])].join(", ")}> { ${nodes} y = ReduceMean <axes=[1], keepdims=0> (out) }`;

describe("whole numbers are followed by their values", () => {
  test("negative positions wrapped by Where, as Keras writes it", async () => {
    const wrap = pooled(
      "int64[N,T] ids",
      "int64[1] zero = {0}, int64[1] size = {20}",
      "below = Less(ids, zero) moved = Add(ids, size) at = Where(below, moved, ids) out = Gather(table, at)",
    );
    expect(await explainedBy(wrap)).toEqual(["out"]);
    // The inputs of Keras are floats where nobody says otherwise.
    const float = wrap.replace("int64[N,T] ids", "float[N,T] x").replace("{ below", "{ ids = Cast <to=7> (x) below");
    expect(await explainedBy(float)).toEqual(["out"]);
  });
  test("the same written as products with yes and no", async () => {
    const products = pooled(
      "int64[N,T] ids",
      "int64[1] zero = {0}, int64[1] size = {20}",
      "b = Less(ids, zero) n = Not(b) bi = Cast <to=7> (b) ni = Cast <to=7> (n) moved = Add(ids, size) l = Mul(bi, moved) r = Mul(ni, ids) at = Add(l, r) out = Gather(table, at)",
    );
    expect(await explainedBy(products)).toEqual(["out"]);
  });
  test("hashes: one table for each, laid side by side", async () => {
    const hash = (i: number, prime: number) =>
      `m${i} = Mul(up, p${prime}) h${i} = Mod(m${i}, buckets) e${i} = Gather(t${i}, h${i})`;
    const text = `net (int64[N,T] x0, int64[N,T] x1, int64[N,T] x2) => (float[N,4] y) <float[16,2] t1 = random(1), float[16,2] t2 = random(2), float[3,4] kinds = random(3),
      int64[1] one = {1}, int64[1] p31 = {31}, int64[1] p43 = {43}, int64[1] buckets = {16}, float[1] unit = {1}, float[1] low = {-10000}> {
      up = Add(x0, one) ${hash(1, 31)} ${hash(2, 43)} words = Concat <axis=2> (e1, e2) types = Gather(kinds, x2) sum = Add(words, types)
      m = Cast <to=1> (x1) gone = Sub(unit, m) far = Mul(gone, low) wide = Unsqueeze(far, one) t = Transpose <perm=[0,2,1]> (sum) s = MatMul(sum, t) masked = Add(s, wide) a = Softmax <axis=2> (masked) out = MatMul(a, sum)
      y = ReduceMean <axes=[1], keepdims=0> (out) }`;
    const plan = await planOf(text);
    expect([plan.explained, plan.fixed]).toEqual([["words"], ["x0", "x1", "x2"]]);
  });
  test("a float that is turned into numbers by arithmetic of floats", async () => {
    const text = pooled(
      "float[N,T] x",
      "float[1] two = {2}",
      "half = Div(x, two) down = Floor(half) at = Cast <to=7> (down) out = Gather(table, at)",
    );
    expect(await explainedBy(text)).toEqual(["out"]);
  });
});

describe("masks, positions and types", () => {
  const odd = (sum: string, more = "") => pooled("int64[N,T] a, int64[N,T] b", `float[20,4] other = random(2)${more}`, sum);
  test("types under odd names are few rows", async () => {
    const text = odd("e = Gather(table, a) t = Gather(kinds, b) out = Add(e, t)", ", float[2,4] kinds = random(3)");
    expect(await explainedBy(text)).toEqual(["e"]);
  });
  test("two tables of one size are a question that names them", async () => {
    const text = odd("e = Gather(table, a) t = Gather(other, b) out = Add(e, t)");
    await expect(planOf(text)).rejects.toMatchObject({
      _tag: "BadRecipe",
      parts: { why: expect.stringMatching(/^e \(.*; t \(/) },
    });
    expect((await planOf(text, { explain: ["t"] })).explained).toEqual(["t"]);
  });
  test("positions counted from the padding are no lookup by the ids", async () => {
    const text = pooled(
      "int64[N,T] ids",
      "float[30,4] places = random(2), int64[1] pad = {1}, int64 axis = {1}",
      "none = Equal(ids, pad) some = Not(none) count = Cast <to=7> (some) at = CumSum(count, axis) p = Gather(places, at) e = Gather(table, ids) out = Add(e, p)",
    );
    expect(await explainedBy(text)).toEqual(["e"]);
  });
  test("tokens compared with a list of special ones are a mask; with weights they are a one-hot", async () => {
    const special = (use: string) =>
      pooled(
        "int64[N,T] ids",
        "int64[3] marks = {0,1,2}, int64[1] last = {-1}, float[3,4] v = random(2)",
        `e = Gather(table, ids) wide = Unsqueeze(ids, last) hit = Equal(wide, marks) h = Cast <to=1> (hit) ${use}`,
      );
    expect(await explainedBy(special("m = ReduceMax <axes=[2]> (h) out = Mul(e, m)"))).toEqual(["e"]);
    expect(await explainedBy(special("w = MatMul(h, v) out = Mul(e, w)"))).toEqual(["e", "h"]);
  });
  test("positions of one row for all samples", async () => {
    const text = pooled(
      "int64[1,T] a, int64[N,T] b",
      "float[30,4] places = random(2)",
      "p = Gather(places, a) e = Gather(table, b) out = Add(e, p)",
    );
    expect(await explainedBy(text)).toEqual(["e"]);
  });
  test("a mask of any name and type is never explained, and gets nothing", async () => {
    for (const type of ["float", "int64", "bool"]) {
      const text = pooled(
        `int64[N,T] a, ${type}[N,T] b`,
        "int64[1] last = {2}",
        `e = Gather(table, a) m = Cast <to=1> (b) w = Unsqueeze(m, last) out = Mul(e, w)`,
      );
      const plan = await planOf(text);
      expect([plan.explained, plan.fixed]).toEqual([["e"], ["a", "b"]]);
      expect(plan.steps.find(({ op }) => op === "Mul")?.sharing).toEqual([0]);
    }
    const alone = pooled(
      "int64[N,T,4] attention_mask, int64[N,T,4] k",
      "",
      "m = Cast <to=1> (attention_mask) l = Cast <to=1> (k) out = Mul(m, l)",
    );
    await expect(planOf(alone)).rejects.toMatchObject({ _tag: "BadRecipe" });
  });
  test("states of earlier steps are held fixed", async () => {
    const text = pooled(
      "int64[N,T] ids, float[N,P,4] old",
      "",
      "e = Gather(table, ids) all = Concat <axis=1> (old, e) t = Transpose <perm=[0,2,1]> (all) s = MatMul(e, t) w = Softmax <axis=2> (s) out = MatMul(w, all)",
    );
    expect(await explainedBy(text)).toEqual(["e"]);
  });
});

describe("columns", () => {
  test("one-hots of columns are one value; unknown classes are no error while the model is traced", async () => {
    const hot = (i: number) =>
      `c${i} = Gather <axis=1> (x, at${i}) h${i} = ai.onnx.ml.OneHotEncoder <cats_int64s=[3,4,5], zeros=0> (c${i})`;
    const text = `<ir_version: 8, opset_import: ["" : 17, "ai.onnx.ml" : 1]> net (int64[N,2] x) => (float[N,2] y) <int64[1] at0 = {0}, int64[1] at1 = {1}, int64[2] row = {-1, 6}, float[6,2] w = random(1)> {
      ${hot(0)} ${hot(1)} all = Concat <axis=2> (h0, h1) flat = Reshape(all, row) y = MatMul(flat, w) }`;
    expect(await explainedBy(text)).toEqual(["all"]);
  });
  test("bins of numbers are one-hots, by one threshold too", async () => {
    const text = `<ir_version: 8, opset_import: ["" : 17, "ai.onnx.ml" : 1]> net (float[N,1] x) => (float[N,2] y) <float[1] low = {0}, float[2] lows = {0, 1}, int64[2] two = {-1,2}, float[4,2] w = random(1)> {
      a = Less(x, low) b = Less(x, lows) ac = Cast <to=7> (a) bc = Cast <to=1> (b) k = ArgMax <axis=1> (bc)
      h = ai.onnx.ml.OneHotEncoder <cats_int64s=[0,1], zeros=1> (ac) g = ai.onnx.ml.OneHotEncoder <cats_int64s=[0,1], zeros=1> (k)
      hf = Reshape(h, two) gf = Reshape(g, two) row = Concat <axis=1> (hf, gf) y = MatMul(row, w) }`;
    expect(await explainedBy(text)).toEqual(["row"]);
  });
  test("what the model decides of its floats is no column: a row stays the row", async () => {
    const text = `net (float[N,3] x) => (float[N,2] y) <float[3,2] w = random(1), int64[1,2] classes = {0, 1}, float[2] one = {1, 1}, float[1] no = {-1}> {
      z = MatMul(x, w) k = ArgMax <axis=1> (z) e = Equal(k, classes) v = Where(e, one, no) y = Softmax(v) }`;
    const plan = planOf(text);
    await expect(plan).rejects.toMatchObject({ _tag: "Unsupported", message: /relevance could only be zero.*'x'.*shapley/ });
  });
  test("numbers stand beside floats, tables beside both; a name that sounds like a kind is a column's", async () => {
    const text = `net (float[N,1] age, int64[N,1] sepal_length, int64[N] property_type) => (float[N,2] y) <${TABLE}, float[6,2] w = random(2)> {
      n = Cast <to=1> (sepal_length) e = Gather(table, property_type) row = Concat <axis=1> (age, n, e) y = MatMul(row, w) }`;
    expect(await explainedBy(text)).toEqual(["age", "n", "e"]);
  });
  test("one input looked up twice is explained at both; two texts both", async () => {
    const both = `net (int64[N,T] a) => (float[N,1] y) <${TABLE}, float[20,1] wide = random(2), float[4,1] w = random(3)> {
      e = Gather(table, a) p = ReduceSum <keepdims=0> (e, one) d = MatMul(p, w) l = Gather(wide, a) s = ReduceSum <keepdims=0> (l, one) y = Add(d, s) }`.replace(
      "random(3)>",
      "random(3), int64[1] one = {1}>",
    );
    expect(await explainedBy(both)).toEqual(["e", "l"]);
    const two = `net (int64[N,T] a, int64[N,T] b) => (float[N,4] y) <${TABLE}> { e = Gather(table, a) p = ReduceMean <axes=[1], keepdims=0> (e) f = Gather(table, b) q = ReduceMean <axes=[1], keepdims=0> (f) y = Mul(p, q) }`;
    expect(await explainedBy(two)).toEqual(["e", "f"]);
  });
  test("numbers alone, whatever they are called", async () => {
    const text = "net (int64[N,3] mask) => (float[N,2] y) <float[3,2] w = random(1)> { x = Cast <to=1> (mask) y = MatMul(x, w) }";
    expect(await explainedBy(text)).toEqual(["x"]);
  });
});

test("a float input that is read for its shape alone is named, and is no reason to miss one", async () => {
  const rank = "s = Shape(x) f = Cast <to=1> (s) y = MatMul(f, w)";
  const net = (inputs: string, nodes: string) => `net (${inputs}) => (float[3] y) <float[2,3] w = random(1)> { ${nodes} }`;
  await expect(planOf(net("float[N,4] x", rank))).rejects.toThrow(
    /the output does not depend on any float input.*at most the shape of x is read/s,
  );
  await expect(planOf(net("int64[N,4] x", rank))).rejects.toThrow(/no float input to explain.*its inputs are x/s);
});

/** Branches, loops and sequences: the lowered model is plain and computes the same. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { explain, type Feeds, floats, ints, model, noise, numbers, runModel } from "../../../test/support/run.ts";
import { nodesOf } from "../../graph/graph.ts";
import type { TraceOptions } from "../../graph/trace.ts";
import { BUDGETS } from "../budget.ts";
import { type Prepared, prepare } from "../prepare.ts";

const lowered = async (text: string, options: TraceOptions = {}): Promise<Prepared> =>
  prepare(model(text), await nodeRuntime(), options);
const opsOf = ({ model: { graph } }: Prepared): string[] => nodesOf(graph).map((node) => node.opType);

/** Lowers, checks that none of `gone` is left and that all outputs are the same. */
const same = async (text: string, feeds: Feeds, gone: readonly string[], options: TraceOptions = {}): Promise<Prepared> => {
  const prepared = await lowered(text, options);
  expect(opsOf(prepared).filter((op) => gone.includes(op))).toEqual([]);
  const [before, after] = [await runModel(text, feeds), await runModel(prepared.model, feeds)];
  for (const [name, tensor] of Object.entries(before)) {
    expect(after[name]!.dims).toEqual(tensor.dims);
    expect(numbers(after[name])).toEqual(numbers(tensor));
  }
  return prepared;
};

const CONTROL = ["If", "Loop", "Scan"];

describe("If", () => {
  const branching = (condition: string) => `net (float[N,4] x) => (float[] y) <float[4] w = {1,2,3,4}> {
    ${condition}
    h = Mul(x, w)
    y = If <then_branch = t () => (float[] a) <float[4] w2 = {5,6,7,8}> { b = Add(h, w2) a = Mul(b, x) },
            else_branch = e () => (float[] h2) { b = Neg(h) h2 = Identity(b) }> (c)
  }`;

  test("the branch taken is inlined: captured values, initializers, names used in both branches", async () => {
    const feeds = { x: noise([2, 4], 1) };
    await same(branching("c = Constant <value = bool {1}> ()"), feeds, CONTROL);
    await same(branching("c = Constant <value = bool {0}> ()"), feeds, CONTROL);
    const rank = "s = Shape(x) n = Size(s) two = Constant <value = int64 {2}> () c = Equal(n, two)";
    const { facts } = await same(branching(rank), feeds, CONTROL);
    expect(facts.notices).toEqual(["1 If: always the same branch"]);
  });

  test("a captured value handed on, two outputs, branches in branches", async () => {
    const text = `net (float[N,4] x) => (float[] y, float[] z) <bool yes = {1}, bool no = {0}> {
      h = Relu(x)
      y, u = If <then_branch = t () => (float[] h2, float[] v) {
          h2 = Identity(h)
          v = If <then_branch = p () => (float[] q) { q = Neg(h) }, else_branch = r () => (float[] q2) { q2 = Exp(x) }> (no) },
        else_branch = e () => (float[] a, float[] b) { a = Neg(x) b = Neg(h) }> (yes)
      z = Add(u, y)
    }`;
    await same(text, { x: noise([2, 4], 1) }, CONTROL);
  });

  test("a condition made from sizes: they are fixed, and that is said", async () => {
    const text = `net (float[N,T,2] x) => (float[] y) <int64 least = {20}> {
      s = Shape <start=1, end=2> (x) sc = Squeeze(s) c = Less(sc, least)
      y = If <then_branch = t () => (float[] a) { a = Relu(x) }, else_branch = e () => (float[] b) { b = Neg(x) }> (c)
    }`;
    const short = await same(text, { x: noise([3, 16, 2], 1) }, CONTROL);
    expect(short.facts.shapes.get("x")).toEqual([null, 16, 2]);
    expect(short.facts.notices[0]).toBe(
      "which branch is taken (If 'y') depends on the size T, which is fixed to 16: the artefact takes no other (--dim T=n names another)",
    );
    expect(opsOf(short)).toContain("Relu");
    expect(opsOf(await lowered(text, { dims: { T: 24 } }))).toContain("Neg");
    expect(opsOf(await lowered(text, { sample: { x: { dims: [1, 30, 2] } } }))).toContain("Neg");
  });

  test("a condition made from the input's values cannot be explained through, with the reason", async () => {
    const text = branching("m = ReduceMax <keepdims=0> (x) zero = Constant <value = float {0}> () c = Greater(m, zero)");
    const { model: left, facts } = await lowered(text);
    expect(left.graph.node.some((node) => node.opType === "If")).toBe(true);
    expect(facts.left?.get("y")).toMatch(/values of the input/);
    await expect(explain(text, { x: noise([1, 4], 1) })).rejects.toMatchObject({
      _tag: "Unsupported",
      parts: { what: "cannot explain through If", where: "node 'y'", why: expect.stringMatching(/branch.*values of the input/) },
    });
  });
});

const LOOP = `net (float[N,3] x) => (float[] y, float[] ys) <int64 n = {4}, bool on = {1}, float[3,3] w = random(7)> {
  y, ys = Loop <body = b (int64 i, bool c, float[] h) => (bool c2, float[] h2, float[] s) <float half = {0.5}> {
    c2 = Identity(c)
    t = Transpose(w)
    z = MatMul(h, t) f = Cast <to=1> (i) g = Mul(f, half) k = Add(z, g)
    h2 = Tanh(k)
    s = ReduceSum <keepdims=1> (k)
  }> (n, on, x)
}`;

describe("Loop", () => {
  test("a fixed number of steps: carried values, the step's number, stacked results", async () => {
    const prepared = await same(LOOP, { x: noise([2, 3], 3) }, CONTROL);
    const ops = opsOf(prepared);
    expect(ops.filter((op) => op === "MatMul")).toHaveLength(4);
    expect(ops.filter((op) => op === "Transpose")).toHaveLength(1); // the same in all steps: written once
    expect(prepared.facts.shapes.get("ys")).toEqual([4, 1, 1]);
    const { relevance } = await explain(LOOP, { x: noise([1, 3], 3) }, { recipe: { method: "gradient" } });
    expect(relevance.some((r) => r !== 0)).toBe(true);
  });

  test("while-loops whose condition is computed from constants stop where they do", async () => {
    const text = `net (float[N,3] x) => (float[] y) <bool on = {1}, int64 one = {1}, int64 zero = {0}, int64 five = {5}> {
      k, y = Loop <body = b (int64 i, bool c, int64 j, float[] h) => (bool c2, int64 j2, float[] h2) {
        j2 = Add(j, one) h2 = Add(h, x) c2 = Less(j2, five) }> ("", on, zero, x)
    }`;
    const prepared = await same(text, { x: noise([2, 3], 3) }, CONTROL);
    expect(opsOf(prepared).filter((op) => op === "Add")).toHaveLength(10);
  });

  test("loops in loops, and branches on the step's number", async () => {
    const text = `net (float[N,3] x) => (float[] y) <int64 n = {2}, int64 m = {3}, bool on = {1}, int64 one = {1}> {
      y = Loop <body = b (int64 i, bool c, float[] h) => (bool c2, float[] h2) {
        c2 = Identity(c)
        odd = Equal(i, one)
        a = If <then_branch = t () => (float[] p) { p = Neg(h) }, else_branch = e () => (float[] q) { q = Exp(h) }> (odd)
        h2 = Loop <body = inner (int64 j, bool d, float[] v) => (bool d2, float[] v2) {
          d2 = Identity(d) f = Cast <to=1> (j) g = Mul(f, a) v2 = Add(v, g) }> (m, on, a)
      }> (n, on, x)
    }`;
    await same(text, { x: noise([2, 3], 3, 0.5) }, CONTROL);
  });

  test("a trip count that is a size: fixed; one that is a batch stays one artefact for a batch of that size", async () => {
    const counted = (axis: number) => `net (float[N,T,3] x) => (float[] y) <bool on = {1}, float[1] zero = {0}> {
      s = Shape <start=${axis}, end=${axis + 1}> (x) n = Squeeze(s)
      y = Loop <body = b (int64 i, bool c, float[] h) => (bool c2, float[] h2) {
        c2 = Identity(c) e = Gather <axis=${axis}> (x, i) r = ReduceMean <keepdims=0> (e) h2 = Add(h, r) }> (n, on, zero)
    }`;
    const time = await same(counted(1), { x: noise([2, 5, 3], 3) }, CONTROL, { dims: { T: 5 } });
    expect(time.facts.shapes.get("x")).toEqual([null, 5, 3]);
    const batch = await lowered(counted(0), { sample: { x: { dims: [2, 5, 3] } } });
    expect(batch.facts.shapes.get("x")).toEqual([2, null, 3]);
  });

  test("what stays a loop says why", async () => {
    const endless = LOOP.replace("n = {4}", `n = {${BUDGETS.steps + 1}}`);
    await expect(explain(endless, { x: noise([1, 3], 3) })).rejects.toMatchObject({
      _tag: "Unsupported",
      parts: {
        what: "cannot explain through Loop",
        why: "it takes 1,001 steps, and at most 1,000 are unrolled (--allow steps=N takes more)",
      },
    });
    const stopping = LOOP.replace("c2 = Identity(c)", "top = ReduceMax <keepdims=0> (h) c2 = Less(top, half)");
    await expect(explain(stopping, { x: noise([1, 3], 3) })).rejects.toMatchObject({
      _tag: "Unsupported",
      parts: { why: "when it stops depends on the values of the input" },
    });
  });
});

describe("Scan", () => {
  test("axes, both directions, states and stacked results", async () => {
    const text = `net (float[N,5,3] x, float[4,5] z) => (float[] h, float[] ys, float[] zs) <float[4,3] h0 = random(5)> {
      h, ys, zs = Scan <num_scan_inputs=2, scan_input_axes=[1,-1], scan_input_directions=[1,0],
          scan_output_axes=[-1,0], scan_output_directions=[0,1],
          body = b (float[] s, float[] a, float[] v) => (float[] s2, float[] o, float[] v2) {
            m = Add(s, a) s2 = Tanh(m) o = Neg(m) v2 = Exp(v) }> (h0, x, z)
    }`;
    await same(text, { x: noise([4, 5, 3], 1), z: noise([4, 5], 2) }, CONTROL);
  });

  test("a free length is fixed; the batch stays free", async () => {
    const text = `net (float[N,T,3] x) => (float[] h) {
      t = Transpose <perm=[1,0,2]> (x)
      first = Constant <value = int64 {0}> () g = Gather <axis=0> (t, first)
      h, hs = Scan <num_scan_inputs=1, body = b (float[] s, float[] a) => (float[] s2, float[] o) { m = Add(s, a) s2 = Tanh(m) o = Neg(m) }> (g, t)
    }`;
    const prepared = await same(text, { x: noise([4, 6, 3], 1) }, CONTROL, { sample: { x: { dims: [1, 6, 3] } } });
    expect(prepared.facts.shapes.get("x")).toEqual([null, 6, 3]);
    expect(prepared.facts.notices[0]).toMatch(/length of the scan \(Scan 'h'\).* T, which is fixed to 6/);
  });
});

describe("sequences", () => {
  const SEQUENCES = [
    "SequenceEmpty",
    "SequenceInsert",
    "SequenceAt",
    "SequenceErase",
    "SequenceLength",
    "SplitToSequence",
    "ConcatFromSequence",
    "SequenceConstruct",
  ];

  test("built, read and joined at constant places", async () => {
    const text = `net (float[N,3] x) => (float[] y, float[] z, int64 n) <int64 one = {1}, int64 last = {-1}> {
      e = SequenceEmpty() a = SequenceInsert(e, x) nx = Neg(x) b = SequenceInsert(a, nx) ex = Exp(x) c = SequenceInsert(b, ex, one)
      d = SequenceErase(c, last)
      y = SequenceAt(c, last) n = SequenceLength(d)
      z = ConcatFromSequence <axis=-1, new_axis=1> (d)
    }`;
    await same(text, { x: noise([2, 3], 1) }, SEQUENCES);
  });

  test("pieces of a tensor", async () => {
    const text = (split: string, attributes: string) =>
      `net (float[N,5] x) => (float[] y) <int64 two = {2}, int64[2] parts = {1,4}, int64 at = {-1}> {
      s = SplitToSequence <axis=-1${attributes}> (x${split}) p = SequenceAt(s, at) j = ConcatFromSequence <axis=0> (s) y = Neg(p)
    }`.replace(
        "j = ConcatFromSequence <axis=0> (s) ",
        split === ", two" || split === ", parts" ? "" : "j = ConcatFromSequence <axis=0> (s) ",
      );
    const feeds = { x: noise([2, 5], 1) };
    for (const [split, attributes] of [
      ["", ""],
      ["", ", keepdims=0"],
      [", two", ""],
      [", parts", ""],
    ] as const)
      await same(text(split, attributes), feeds, SEQUENCES);
  });

  test("collected in a loop", async () => {
    const text = `net (float[N,4] x) => (float[] y) <int64 n = {4}, bool on = {1}> {
      e = SequenceEmpty()
      s, h = Loop <body = b (int64 i, bool c, s1, float[] v) => (bool c2, s2, float[] v2) {
        c2 = Identity(c) v2 = Tanh(v) s2 = SequenceInsert(s1, v2) }> (n, on, e, x)
      y = ConcatFromSequence <axis=1> (s)
    }`;
    await same(text, { x: noise([2, 4], 1) }, [...SEQUENCES, ...CONTROL]);
  });
});

test("integer inputs in control flow", async () => {
  const text = `net (int64[N,3] ids, float[N,3] x) => (float[] y) <int64 n = {2}, bool on = {1}> {
    y = Loop <body = b (int64 i, bool c, float[] h) => (bool c2, float[] h2) { c2 = Identity(c) f = Cast <to=1> (ids) h2 = Mul(h, f) }> (n, on, x)
  }`;
  await same(text, { ids: ints([1, 3], [1, 2, 3]), x: floats([1, 3], [1, 1, 2]) }, CONTROL);
});

test("what stays a branch or a loop beside the explained path keeps working, on what canonization renames", async () => {
  const text = `net (float[N,3] x) => (float[] y, float[] z, int64 k) <float[3,2] w = random(1), float[3] s = random(2), float half = {0.5}, bool on = {1}, int64 most = {9}> {
    copy = Identity(x) t = Mul(s, half)
    y = MatMul(copy, w)
    m = ReduceMax <keepdims=0> (x) c = Greater(m, half)
    z = If <then_branch = a () => (float[] p) { p = Mul(copy, t) }, else_branch = b () => (float[] q) { q = Neg(s) }> (c)
    zero = Constant <value = int64 {0}> () one = Constant <value = int64 {1}> ()
    k = Loop <body = l (int64 i, bool d, int64 v) => (bool d2, int64 v2) {
      v2 = Add(v, one) f = ReduceMax <keepdims=0> (copy) d2 = Greater(f, half) }> (most, on, zero)
  }`;
  for (const data of [
    [1, 2, 3],
    [-1, -2, -3],
  ]) {
    const feeds = { x: floats([1, 3], data) };
    const [before, { out }] = [await runModel(text, feeds), await explain(text, feeds)];
    for (const name of ["y", "z", "k"]) expect(numbers(out[name])).toEqual(numbers(before[name]));
  }
});

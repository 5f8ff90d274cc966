/** Opsets 7 to 16 are written as opset 17: the same outputs, operator by operator, and one gradient at every opset. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { expectClose } from "../../../test/support/compare.ts";
import { explain, type Feeds, model, noise, numbers, runModel } from "../../../test/support/run.ts";
import type { ModelProto } from "../../onnx/proto.ts";
import type { Recipe } from "../../plan/index.ts";
import { prepare } from "../prepare.ts";
import { older, TARGET_OPSET } from "./index.ts";

const at = (opset: number, graph: string): ModelProto => model(`<ir_version: 7, opset_import: ["" : ${opset}]> ${graph}`);
const prepared = async (m: ModelProto) => (await prepare(m, await nodeRuntime())).model;

/** The lowered model gives what the original gives; hands back the lowered one. */
const unchanged = async (m: ModelProto, feeds: Feeds): Promise<ModelProto> => {
  const lowered = await prepared(m);
  const [want, got] = [await runModel(m, feeds), await runModel(lowered, feeds)];
  expect(Object.keys(got)).toEqual(Object.keys(want));
  for (const name of Object.keys(want)) {
    expect(got[name]!.type).toBe(want[name]!.type);
    expect(got[name]!.dims).toEqual(want[name]!.dims);
    expectClose(numbers(got[name]), numbers(want[name]), 1e-6, name);
  }
  expect(lowered.opsetImport).toContainEqual({ domain: "", version: TARGET_OPSET });
  return lowered;
};

/** What changed form, the newest opset of the old form, a call on `x` [2,3,4,4] with constants it reads. */
const CASES: readonly (readonly [op: string, opset: number, call: string, held?: string])[] = [
  ["Softmax", 12, "Softmax(x)"],
  ["Softmax", 12, "Softmax <axis=-2> (x)"],
  ["Softmax", 12, "Softmax <axis=3> (x)"],
  ["LogSoftmax", 11, "LogSoftmax <axis=2> (x)"],
  ["LogSoftmax", 12, "LogSoftmax(x)"],
  ["Hardmax", 12, "Hardmax <axis=2> (x)"],
  ["Squeeze", 12, "Squeeze <axes=[0]> (one)", "float[1,3] one = {1,2,3}"],
  ["Squeeze", 12, "Squeeze(one)", "float[1,3,1] one = {1,2,3}"],
  ["Unsqueeze", 12, "Unsqueeze <axes=[0,3]> (x)"],
  ["ReduceSum", 12, "ReduceSum <axes=[1,-1], keepdims=0> (x)"],
  ["ReduceSum", 7, "ReduceSum(x)"],
  ["Split", 12, "Split <axis=1, split=[1,2]> (x)"],
  ["Split", 12, "Split <axis=2> (x)"],
  ["Resize", 10, 'Resize <mode="linear"> (x, s)', "float[4] s = {1,1,2,1.5}"],
  ["Resize", 10, "Resize(x, s)", "float[4] s = {1,1,2.5,2}"],
  ["Resize", 10, "Resize(x, s)", "float[4] s = {1,1,0.7,0.5}"],
  ["Resize", 10, "Resize(x, s)", "float[4] s = {1,1,0.7,2}"],
  [
    "Resize",
    12,
    'Resize <coordinate_transformation_mode="tf_half_pixel_for_nn", nearest_mode="floor"> (x, roi, s)',
    "float[0] roi = {}, float[4] s = {1,1,2.5,0.7}",
  ],
  ["Resize", 12, 'Resize <mode="cubic"> (x, roi, s)', "float[0] roi = {}, float[4] s = {1,1,2.5,0.7}"],
  ["BatchNormalization", 13, "BatchNormalization <epsilon=0.1, momentum=0.5> (x, c, c, c, c)", "float[3] c = {0.5,1,2}"],
  [
    "BatchNormalization",
    8,
    "BatchNormalization <spatial=0> (x, c, m, m, v)",
    "float[3,4,4] c = random(1), float[3,4,4] m = random(2), float[3,4,4] v = {VAR}",
  ],
  ["Dropout", 11, "Dropout <ratio=0.3> (x)"],
  ["Clip", 10, "Clip <min=-0.3, max=0.2> (x)"],
  ["Clip", 10, "Clip <max=0.2> (x)"],
  ["Clip", 7, "Clip(x)"],
  ["Pad", 10, "Pad <pads=[0,0,1,2,0,0,0,-1], value=0.5> (x)"],
  ["Pad", 10, 'Pad <pads=[0,0,1,2,0,0,0,1], mode="reflect"> (x)'],
  ["Scatter", 10, "Scatter <axis=0> (x, i, u)", "int64[1,1,1,2] i = {0,0}, float[1,1,1,2] u = {5,5}"],
  ["Upsample", 7, "Upsample <scales=[1.0,1.0,2.0,3.0]> (x)"],
  ["Upsample", 9, 'Upsample <mode="linear"> (x, s)', "float[4] s = {1,1,2,3}"],
  ["Slice", 9, "Slice <starts=[1,-3], ends=[3,9223372036854775807], axes=[1,3]> (x)"],
  ["Slice", 9, "Slice <starts=[0,1], ends=[1,2]> (x)"],
  ["TopK", 9, "TopK <k=2, axis=1> (x)"],
  ["TopK", 10, "TopK <axis=1> (x, k)", "int64[1] k = {2}"],
  ["Affine", 9, "Affine <alpha=2.0, beta=0.5> (x)"],
  ["Crop", 9, "Crop <border=[1,0,0,2]> (x)"],
  ["Crop", 9, "Crop <border=[1,1,0,0], scale=[2,3]> (x)"],
  ["ImageScaler", 9, "ImageScaler <scale=0.5, bias=[1.0,2.0,3.0]> (x)"],
  ["ParametricSoftplus", 9, "ParametricSoftplus <alpha=0.5, beta=2.0> (x)"],
  ["ScaledTanh", 9, "ScaledTanh <alpha=0.5, beta=2.0> (x)"],
];
const OUTPUTS: Readonly<Record<string, number>> = { Split: 2, TopK: 2 };
const variances = Array.from({ length: 48 }, (_, i) => 0.5 + i / 50).join();

describe("one operator", () => {
  for (const [op, opset, call, held = ""] of CASES)
    test(`${call} of opset ${opset}`, async () => {
      const names = Array.from({ length: OUTPUTS[op] ?? 1 }, (_, i) => `y${i}`);
      const types = names.map((name, i) => `${op === "TopK" && i === 1 ? "int64" : "float"}[] ${name}`);
      const lowered = await unchanged(
        at(opset, `net (float[N,3,4,4] x) => (${types}) <${held.replace("VAR", variances)}> { ${names} = ${call} }`),
        { x: noise([2, 3, 4, 4], 7, 2) },
      );
      // Values keep their names, so `--output` and layers find them.
      expect(lowered.graph.node.some((node) => node.output[0] === "y0")).toBe(true);
    });

  test("every operator of the table is tried", () => {
    const refused = ["Scan"];
    expect([...new Set(CASES.map(([op]) => op))].sort()).toEqual(
      Object.keys(older)
        .filter((op) => !refused.includes(op))
        .sort(),
    );
  });

  test("and at the newest opset of its old form", () => {
    const untried = Object.entries(older).filter(
      ([op, { since }]) => op !== "Scan" && !CASES.some(([name, opset]) => name === op && opset === since - 1),
    );
    expect(untried.map(([op]) => op)).toEqual([]);
  });

  test("the mask of Dropout had the type of its data, and is boolean since opset 10", async () => {
    const net = (type: string) => `net (float[N,3] x) => (float[N,3] y, ${type}[N,3] m) { y, m = Dropout <ratio=0.5> (x) }`;
    for (const [opset, type] of [
      [9, "float"],
      [11, "bool"],
    ] as const) {
      const lowered = await prepared(at(opset, net(type)));
      const out = await runModel(lowered, { x: noise([2, 3], 1) });
      expect(numbers(out.m)).toEqual([1, 1, 1, 1, 1, 1]);
    }
  });
});

describe("models as a whole", () => {
  test("nodes in branches and loop bodies are lifted too, with names of their own", async () => {
    const text = `net (float[N,3,4] x) => (float[] y) <bool yes = {1}, int64 n = {2}> {
      a = Unsqueeze <axes=[1]> (x)
      b = If (yes) <then_branch = t () => (float[] b1) { s = ReduceSum <axes=[2], keepdims=0> (a) b1 = Softmax(s) },
                    else_branch = e () => (float[] b2) { b2 = ReduceSum <axes=[2], keepdims=0> (a) }>
      y = Loop (n, , b) <body = l (int64 i, bool c, float[] v) => (bool d, float[] w) {
        m = ReduceMax <keepdims=0> (v) on = Cast <to=9> (m) d = Or(c, on)
        r = ReduceSum <axes=[0], keepdims=1> (v)
        q = Clip <min=0.1> (r)
        w = Add(v, q)
      }> }`;
    const lowered = await unchanged(at(9, text), { x: noise([2, 3, 4], 3) });
    expect(lowered.graph.node.find((node) => node.opType === "Loop")!.attribute[0]!.g!.initializer).not.toEqual([]);
  });

  test("an opset that is too old is refused with the reason, before the runtime sees it", async () => {
    const old = at(6, "net (float[N,3] x) => (float[N,3] y) { y = Relu(x) }");
    await expect(prepared(old)).rejects.toThrow(/opset 6.*before opset 7 have other meanings/);
    await expect(prepared({ ...old, irVersion: 2, opsetImport: [] })).rejects.toThrow(/opset 1:/);
  });

  test("weights that are inputs too (IR 3) are weights alone", async () => {
    const net = "net (float[N,3] x, float[3,2] w) => (float[N,2] y) <float[3,2] w = random(1)> { y = MatMul(x, w) }";
    const lowered = await unchanged({ ...at(9, net), irVersion: 3 }, { x: noise([2, 3], 1) });
    expect(lowered.graph.input.map(({ name }) => name)).toEqual(["x"]);
  });

  test("models in training mode are refused", async () => {
    const dropout = "net (float[N,3] x) => (float[N,3] y) <float r = {0.5}, bool t = {1}> { y = Dropout(x, r, t) }";
    await expect(prepared(at(13, dropout))).rejects.toThrow(/a Dropout in training mode \(node y\).*evaluation mode/);
    expect((await prepared(at(13, dropout.replace("{1}", "{0}")))).graph.node.length).toBe(1);
    const held = "<float[3] c = {1,1,1}>";
    const norm = (outputs: string, attributes = "") =>
      `net (float[N,3] x) => (float[N,3] y) ${held} { ${outputs} = BatchNormalization ${attributes} (x, c, c, c, c) }`;
    await expect(prepared(at(15, norm("y, m, v", "<training_mode = 1>")))).rejects.toThrow(
      /a BatchNormalization in training mode/,
    );
  });

  test("weights standardized by a batch normalization in training mode are none", async () => {
    const net = (k: string) =>
      `net (float[N,2,5,5] x) => (float[N,3,3,3] y) <float[3,2,3,3] k = random(1), float[3] one = {1,1,1}, float[3] zero = {0,0,0}, int64[3] flat = {1,3,-1}, int64[4] back = {3,2,3,3}> { f = Reshape(k, flat) ${k} w = Reshape(s, back) y = Conv(x, w) }`;
    const feeds = { x: noise([2, 2, 5, 5], 4) };
    const mean =
      "m = ReduceMean <axes=[2]> (f) d = Sub(f, m) q = Mul(d, d) v = ReduceMean <axes=[2]> (q) r = Sqrt(v) s = Div(d, r)";
    const standardized = await prepared(
      at(15, net("s, a, b = BatchNormalization <training_mode=1, epsilon=1e-12> (f, one, zero, zero, one)")),
    );
    const [got, want] = [await runModel(standardized, feeds), await runModel(net(mean), feeds)];
    expectClose(numbers(got.y), numbers(want.y), 1e-5);
    const older = await prepared(at(12, net("s, a, b, c, d = BatchNormalization <epsilon=1e-12> (f, one, zero, zero, one)")));
    expectClose(numbers((await runModel(older, feeds)).y), numbers(want.y), 1e-5);
  });

  test("a Scan of opset 8 is refused", async () => {
    const scan = `net (float[1,3,4] x) => (float[] y, float[] z) <float[1,4] h = random(1)> { y, z = Scan <num_scan_inputs=1,
      body = b (float[4] s, float[4] v) => (float[4] t, float[4] u) { t = Add(s, v) u = Identity(t) }> (, h, x) }`;
    await expect(prepared(at(8, scan))).rejects.toThrow(/a Scan of opset 8 \(node .*\).*export/);
  });

  test("what is as new as opset 17 stays the very model", async () => {
    const m = at(18, "net (float[N,3] x) => (float[N,3] y) { y = Relu(x) }");
    expect(await prepared(m)).toBe(m);
  });
});

describe("one network at every opset", () => {
  /** A convolution, a batch norm, an upsampled map, a padded one, both pooled: in the words of its opset. */
  const net = (opset: number): ModelProto => {
    const held = [
      "float[4,3,3,3] w = random(1)",
      "float[4] g = {1,2,0.5,1}",
      "float[4] o = {0.1,0,-0.1,0.3}",
      "float[4,3] d = random(2)",
    ];
    held.push(
      "float[4] v = {1,1,2,0.5}",
      "float[4] s = {1,1,2,2}",
      "int64[8] p = {0,0,1,1,0,0,0,0}",
      "int64[2] hw = {2,3}",
      "float[3] e = random(3)",
    );
    held.push("float lo = {0}", "float hi = {0.6}", "float[0] roi = {}");
    const pad = opset < 11 ? "Pad <pads=[0,0,1,1,0,0,0,0]> (x)" : "Pad(x, p)";
    const clip = opset < 11 ? "Clip <min=0.0, max=0.6> (n)" : "Clip(n, lo, hi)";
    const asymmetric = 'mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor"';
    const grown =
      opset < 9
        ? "Upsample <scales=[1.0,1.0,2.0,2.0]> (c)"
        : opset < 10
          ? "Upsample(c, s)"
          : opset < 11
            ? "Resize(c, s)"
            : `Resize <${asymmetric}> (c, ${opset < 13 ? "roi" : ""}, s)`;
    const mean = opset < 18 ? "ReduceMean <axes=[2,3], keepdims=0> (u)" : "ReduceMean <keepdims=0> (u, hw)";
    const most = opset < 18 ? "ReduceMax <axes=[2,3], keepdims=0> (u)" : "ReduceMax <keepdims=0> (u, hw)";
    const halves = opset < 13 ? "Split <axis=1, split=[1,3]> (f)" : "Split <axis=1> (f, parts)";
    held.push("int64[2] parts = {1,3}");
    return at(
      opset,
      `net (float[N,3,5,5] x) => (float[N,3] y) <${held}> { q = ${pad} z = Conv <strides=[2,2]> (q, w)
        n = BatchNormalization(z, g, o, o, v) c = ${clip} u = ${grown} a = ${mean} m = ${most} f = Add(a, m)
        f1, f3 = ${halves} j = Concat <axis=1> (f3, f1) k = Gemm(j, d, e) y = Softmax <axis=1> (k) }`,
    );
  };
  const feeds = { x: noise([2, 3, 5, 5], 5, 4) };
  const newest = 26;
  const opsets = Array.from({ length: newest - 6 }, (_, i) => i + 7);

  test("forward is the original's, LRP and gradient are those of opset 17", async () => {
    const lrp: Recipe = { method: "lrp", composite: { name: "gamma-depth" } };
    const gradient: Recipe = { method: "gradient" };
    const want = [await explain(net(17), feeds, { recipe: lrp }), await explain(net(17), feeds, { recipe: gradient })];
    for (const opset of opsets) {
      const m = net(opset);
      const forward = numbers((await runModel(m, feeds)).y);
      for (const [i, recipe] of [lrp, gradient].entries()) {
        const { out, relevance, compiled } = await explain(m, feeds, { recipe });
        expectClose(numbers(out.y), forward, 1e-5, `y at opset ${opset}`);
        expectClose(relevance, want[i]!.relevance, 1e-5, `${recipe.method} at opset ${opset}`);
        expect(compiled.model.opsetImport).toContainEqual({ domain: "", version: Math.max(opset, 17) });
      }
    }
  });
});

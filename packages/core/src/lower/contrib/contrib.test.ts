/** ONNX Runtime's fused operators, taken apart: the runtime computes the same with and without them. */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/support/compare.ts";
import { lowered, microsoft, opsOf, sameForward } from "../../../test/support/lowered.ts";
import { type Feeds, model, noise, numbers, runModel } from "../../../test/support/run.ts";
import type { ModelProto } from "../../onnx/proto.ts";

const same = async (...args: Parameters<typeof sameForward>): Promise<void> => void (await sameForward(...args));

/** One node with input x and output y. */
const one = (x: string, call: string, held = "", opset = 17): string =>
  `${microsoft(opset)} g (float[${x}] x) => (float[] y) ${held && `<${held}>`} { y = com.microsoft.${call} }`;

const image = { x: noise([1, 2, 6, 6], 1) };
const tokens = { x: noise([2, 3, 8], 1) };

describe("layers", () => {
  const conv = "float[4,2,3,3] w = random(1), float[4] b = random(2)";
  test.each([
    ["Relu", ""],
    ["LeakyRelu", ", activation_params=[0.3]"],
    ["Clip", ", activation_params=[-0.1, 0.2]"],
    ["HardSigmoid", ", activation_params=[0.3, 0.4]"],
    ["Sigmoid", ""],
    ["Tanh", ""],
  ])("FusedConv with %s", async (activation, params) => {
    const m = await sameForward(
      one("N,2,6,6", `FusedConv <activation="${activation}"${params}, pads=[1,1,1,1]> (x, w, b)`, conv),
      image,
    );
    expect(opsOf(m)).toEqual(["Conv", activation]);
  });
  test("FusedConv with a summand", () =>
    same(
      one("1,2,6,6", `FusedConv <activation="Relu", strides=[2,2]> (x, w, b, z)`, `${conv}, float[1,4,2,2] z = random(3)`),
      image,
    ));

  const gemm = "float[8,5] w = random(1), float[5,8] wt = random(1), float[5] b = random(2)";
  test.each([
    `FusedGemm <activation="Relu"> (x, w, b)`,
    `FusedGemm <activation="LeakyRelu", activation_alpha=0.2, alpha=0.5, transB=1> (x, wt, b)`,
    `FusedGemm <activation="Tanh", beta=2.0> (x, w)`,
    `FusedMatMul <alpha=0.25, transB=1> (x, wt)`,
    `FusedMatMul <transA=1> (x, x)`,
    `TransposeMatMul <transA=1, transB=0, alpha=2.0> (x, x)`,
  ])("%s", (call) => same(one("4,8", call, gemm), { x: noise([4, 8], 3) }));

  test.each([
    ["transA=1, transBatchA=0", [2, 3, 4, 5], [2, 3, 4, 6]],
    ["transB=1, alpha=0.5", [2, 3, 4, 5], [2, 3, 6, 5]],
    ["transBatchA=1", [4, 2, 3, 5], [2, 3, 5, 6]],
    ["transA=1, transBatchA=1", [4, 2, 3, 5], [2, 3, 4, 6]],
    ["transBatchB=1", [2, 3, 4, 5], [5, 2, 3, 6]],
    ["transB=1, transBatchB=1", [2, 3, 4, 5], [6, 2, 3, 5]],
    ["transBatchA=1, transBatchB=1", [4, 2, 3, 5], [5, 2, 3, 6]],
  ])("FusedMatMul <%s>", (attributes, a, b) =>
    same(
      `${microsoft()} g (float[${a}] x, float[${b}] w) => (float[] y) { y = com.microsoft.FusedMatMul <${attributes}> (x, w) }`,
      { x: noise(a, 1), w: noise(b, 2) },
    ),
  );

  test("ConvTranspose with pads as an input", () =>
    same(
      one(
        "N,2,6,6",
        "ConvTransposeWithDynamicPads <strides=[2,2], kernel_shape=[3,3]> (x, w, p, b)",
        "float[2,4,3,3] w = random(1), int64[4] p = {1,0,2,1}, float[4] b = random(2)",
      ),
      image,
    ));
});

describe("activations", () => {
  test.each(["Gelu(x)", "BiasGelu(x, b)", "FastGelu(x)", "FastGelu(x, b)", "QuickGelu(x)", "QuickGelu <alpha=1.0> (x)"])(
    "%s",
    async (call) => {
      for (const opset of [17, 20]) await same(one("N,S,8", call, "float[8] b = random(1)", opset), tokens);
    },
  );
});

describe("normalizations", () => {
  const held = "float[8] s = random(1), float[8] t = random(2), float[8] b = random(3), float[3,8] k = random(4)";
  test.each([
    ["SkipLayerNormalization <epsilon=0.01> (x, k, s, t)", 17],
    ["SkipLayerNormalization(x, x, s, t, b)", 17],
    ['SkipLayerNormalization(x, k, s, "", b)', 17],
    ["SkipSimplifiedLayerNormalization <epsilon=0.01> (x, x, s, b)", 17],
    ["SkipSimplifiedLayerNormalization(x, x, s)", 18],
  ] as const)("%s", (call, opset) => same(one("N,3,8", call, held, opset), tokens));

  test("the sum is an output of its own", () =>
    same(
      `${microsoft()} g (float[N,3,8] x) => (float[] y, float[] z) <${held}> {
        y, m, v, sum = com.microsoft.SkipLayerNormalization(x, k, s, t, b)
        z = Identity(sum) }`,
      tokens,
    ));
  test.each([
    ["axis=-1", "s"],
    ["axis=1, epsilon=0.1", "w"],
  ])("SimplifiedLayerNormalization <%s>", (attributes, scale) =>
    same(
      `${microsoft()} g (float[N,3,8] x) => (float[] y) <float[8] s = random(1), float[3,8] w = random(2)> {
        y = SimplifiedLayerNormalization <${attributes}> (x, ${scale}) }`,
      tokens,
    ),
  );
  test("a bias goes to the dense layer it came from", async () => {
    const m = await lowered(`${microsoft()} g (float[N,3,8] x) => (float[N,3,8] y) <float[8,8] w = random(1), ${held}> {
      d = MatMul(x, w)
      y = com.microsoft.SkipLayerNormalization(x, d, s, t, b) }`);
    expect(opsOf(m)).toEqual(["MatMul", "Add", "Add", "LayerNormalization"]);
    expect(m.graph.node[1]!.input).toEqual(["d", "b"]);
  });

  test.each([
    ["", ""],
    [", seg", ", st"],
  ])("EmbedLayerNormalization%s", (seg) => {
    const [ids, table] = seg ? ["seg", "st"] : ['""', '""'];
    return same(
      `${microsoft()} g (int32[N,S] ids, int32[N,S] seg, int32[N,S] mask) => (float[] y, int32[] n, float[] sum)
        <float[9,8] w = random(1), float[7,8] p = random(2), float[2,8] st = random(3), float[8] s = random(4), float[8] t = random(5)> {
        y, n, sum = com.microsoft.EmbedLayerNormalization <epsilon=0.001> (ids, ${ids}, w, p, ${table}, s, t, mask)
        unused = Add(seg, mask) }`,
      {
        ids: int32([2, 3], [1, 5, 8, 0, 3, 2]),
        seg: int32([2, 3], [0, 0, 1, 0, 1, 1]),
        mask: int32([2, 3], [1, 1, 0, 1, 1, 1]),
      },
      1e-5,
      { dims: { S: 3 } },
    );
  });
});

describe("others", () => {
  test.each([
    ["Trilu <upper=0> (x)", "int64 k = {1}"],
    ["Trilu(x, k)", "int64 k = {1}"],
    ["ExpandDims(x, a)", "int32 a = {-1}"],
    ["ExpandDims(x, a)", "int32 a = {1}"],
    ["Pad(x, p, v)", "int64[1,4] p = {1,0,2,1}, float[1] v = {0.5}"],
    [`Pad <mode="reflect"> (x, p)`, "int64[4] p = {1,0,2,1}"],
    ["GatherND(x, i)", "int64[2,2] i = {0,1,3,2}"],
    ["CDist(x, b)", "float[5,6] b = random(1)"],
    [`CDist <metric="euclidean"> (x, b)`, "float[5,6] b = random(1)"],
  ])("%s", (call, held) => same(one("4,6", call, held), { x: noise([4, 6], 2) }, 1e-5));

  test("GridSample", () =>
    same(one("1,2,6,6", `GridSample <padding_mode="border"> (x, i)`, "float[1,4,5,2] i = random(1)"), image));

  test("Unique", () =>
    same(`${microsoft()} g (float[6] x) => (float[] y, int64[] i, int64[] c) { y, i, c = com.microsoft.Unique(x) }`, {
      x: { type: "float32", dims: [6], data: Float32Array.of(2, 1, 1, 3, 4, 3) },
    }));

  test("Range", () =>
    same(
      `${microsoft()} g (float[N,4] x) => (float[] y) <float a = {1.0}, float[1] b = {5.0}, float s = {1.0}> {
        r = com.microsoft.Range(a, b, s)
        y = Add(x, r) }`,
      { x: noise([2, 4], 1) },
    ));

  test("what has no expansion stays, for the plan to say so", async () => {
    const m = await lowered(one("3,3", "Inverse(x)"));
    expect(opsOf(m)).toEqual(["com.microsoft.Inverse"]);
  });
});

/** Operators no kernel is here for are compared with what they stand for. */
describe("operators of other processors", () => {
  const both = async (call: string, standard: string, held: string, feeds: Feeds, inputs: string) => {
    const graph = (body: string) => `${microsoft()} g (${inputs}) => (float[] y) <${held}> { ${body} }`;
    const got = await runModel(await lowered(graph(`y = com.microsoft.${call}`)), feeds);
    const want = await runModel(graph(standard), feeds);
    expect(got.y!.dims).toEqual(want.y!.dims);
    expectClose(numbers(got.y), numbers(want.y), 1e-5);
  };
  const pixels = { x: noise([1, 4, 5, 6], 1) }; // channels last
  const toFirst = "c = Transpose <perm=[0,3,1,2]> (x)";
  const toLast = "y = Transpose <perm=[0,2,3,1]> (d)";

  test("NhwcConv", () =>
    both(
      "NhwcConv <pads=[1,1,1,1]> (x, v, b)",
      `${toFirst} w = Transpose <perm=[0,3,1,2]> (v) d = Conv <pads=[1,1,1,1]> (c, w, b) ${toLast}`,
      "float[4,3,3,6] v = random(1), float[4] b = random(2)",
      pixels,
      "float[1,4,5,6] x",
    ));
  test("GroupNorm", () =>
    both(
      "GroupNorm <groups=2, activation=1> (x, s, t)",
      `${toFirst} r = Reshape(c, rows) mu = ReduceMean <axes=[2]> (r) m = Sub(r, mu) q = Mul(m, m)
       v = ReduceMean <axes=[2]> (q) e = Add(v, eps) sd = Sqrt(e) n = Div(m, sd) shape = Shape(c) u = Reshape(n, shape)
       sc = Reshape(s, col) tc = Reshape(t, col) us = Mul(u, sc) ut = Add(us, tc) sg = Sigmoid(ut) d = Mul(ut, sg) ${toLast}`,
      "float[6] s = random(1), float[6] t = random(2), int64[3] rows = {0,2,-1}, float eps = {0.00001}, int64[4] col = {1,-1,1,1}",
      pixels,
      "float[1,4,5,6] x",
    ));
  test("SkipGroupNorm, channels first", () =>
    both(
      "SkipGroupNorm <groups=3, channels_last=0> (x, s, t, x, s)",
      `k = Reshape(s, row) a = Add(x, x) c = Add(a, k) r = Reshape(c, rows) n = InstanceNormalization(r, ones, zeros) shape = Shape(c)
       u = Reshape(n, shape) tc = Reshape(t, row) us = Mul(u, k) y = Add(us, tc)`,
      "float[6] s = random(1), float[6] t = random(2), int64[3] rows = {0,3,-1}, int64[4] row = {1,-1,1,1}, float[3] ones = {1,1,1}, float[3] zeros = {0,0,0}",
      { x: noise([1, 6, 4, 5], 1) },
      "float[1,6,4,5] x",
    ));
  test("BiasSplitGelu", () =>
    both(
      "BiasSplitGelu(x, b)",
      "a = Add(x, b) l, r = Split <axis=-1> (a, h) d = Mul(r, c) e = Erf(d) f = Add(e, o) k = Mul(r, f) m = Mul(k, z) y = Mul(l, m)",
      "float[8] b = random(1), int64[2] h = {4,4}, float c = {0.70710678}, float o = {1}, float z = {0.5}",
      tokens,
      "float[2,3,8] x",
    ));
  test("BiasAdd", () =>
    both("BiasAdd(x, b, x)", "a = Add(x, b) y = Add(a, x)", "float[8] b = random(1)", tokens, "float[2,3,8] x"));
});

test("a model of the highest optimisation level is refused, with what to do", async () => {
  const blocked: ModelProto = model(
    `<ir_version: 9, opset_import: ["" : 17, "com.microsoft.nchwc" : 1]> g (float[1,16,4,4] x) => (float[] y) <float[16,16,1,1] w = random(1)> {
      r = com.microsoft.nchwc.ReorderInput(x)
      c = com.microsoft.nchwc.Conv(r, w)
      y = com.microsoft.nchwc.ReorderOutput <channels=16> (c) }`,
  );
  await expect(lowered(blocked)).rejects.toThrow(/optimised for one processor .*ReorderInput.*extended/);
});

function int32(dims: readonly number[], data: readonly number[]) {
  return { type: "int32" as const, dims, data: Int32Array.from(data) };
}

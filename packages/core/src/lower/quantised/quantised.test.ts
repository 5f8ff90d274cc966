/**
 * Quantised models as float models. Inputs lie on the grid of the first quantisation, so that between the integer model and its
 * floats stands only the rounding of what comes after it.
 */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { lowered, microsoft, opsOf } from "../../../test/support/lowered.ts";
import { type Feeds, ints, model, numbers, runModel } from "../../../test/support/run.ts";
import { encodeModelBytes } from "../../onnx/encode.ts";
import { randomValues } from "../../onnx/parse-tensors.ts";
import type { ModelProto } from "../../onnx/proto.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const count = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);
/** `int8[2,3] w = {…}` with values in [low, high]. */
const integers = (name: string, type: string, dims: readonly number[], low: number, high: number, seed = 1): string => {
  const values = Array.from(randomValues(seed, count(dims)), (v) => Math.floor((v + 0.5) * (high - low + 1)) + low);
  return `${type}[${dims}] ${name} = {${values}}`;
};
/** Multiples of `step` between low and high steps. */
const grid = (dims: readonly number[], step: number, low: number, high: number, seed = 1): Tensor => ({
  type: "float32",
  dims,
  data: Float32Array.from(randomValues(seed, count(dims)), (v) => (Math.floor((v + 0.5) * (high - low + 1)) + low) * step),
});

/** As written: optimised, the runtime may quantise what the file does not. */
const original = async (source: string | ModelProto, feeds: Feeds) => {
  await using session = await (await nodeRuntime()).createSession(encodeModelBytes(model(source)), { optimization: "disabled" });
  return await session.run(feeds);
};

/** Largest difference of the lowered model's outputs to the original's, and the lowered operators. */
const compare = async (source: string, feeds: Feeds) => {
  const m = await lowered(source);
  expect(m.opsetImport.map(({ domain }) => domain)).toEqual([""]);
  const [want, got] = [await original(source, feeds), await runModel(m, feeds)];
  const errors = model(source).graph.output.map(({ name }) => {
    expect(got[name]!.dims).toEqual(want[name]!.dims);
    expect(got[name]!.type).toEqual(want[name]!.type);
    const w = numbers(want[name]);
    expect(new Set(w).size, "the case says something").toBeGreaterThan(3);
    return Math.max(...numbers(got[name]).map((v, i) => Math.abs(v - w[i]!)));
  });
  return { error: Math.max(...errors), ops: opsOf(m).filter((op) => op !== "Identity"), m };
};

const X = "float sx = {0.05}, uint8 zx = {100}";
const Y = "float sy = {0.125}, uint8 zy = {120}";
const STEP = 0.125;
/** x → uint8 → call → float, where `xq` is the quantised x and `yq` what the call makes. */
const between = (x: string, call: string, held: string) =>
  `${microsoft()} g (float[${x}] x) => (float[] y) <${X}, ${Y}, ${held}> {
    xq = QuantizeLinear(x, sx, zx)
    yq = ${call}
    y = DequantizeLinear(yq, sy, zy) }`;
const image = { x: grid([2, 3, 6, 6], 0.05, -100, 155) };
const rows = { x: grid([4, 6], 0.05, -100, 155) };

describe("one operator between integers", () => {
  const conv = [
    integers("w", "int8", [4, 3, 3, 3], -127, 127),
    "float[4] sw = {0.01, 0.02, 0.015, 0.005}, int8[4] zw = {0, 0, 0, 0}",
    integers("b", "int32", [4], -500, 500),
  ].join(", ");
  test("QLinearConv, a scale for each channel", async () => {
    const { error, ops } = await compare(
      between("N,3,6,6", "QLinearConv <pads=[1,1,1,1], strides=[2,2]> (xq, sx, zx, w, sw, zw, sy, zy, b)", conv),
      image,
    );
    expect(error).toBeLessThanOrEqual(0.51 * STEP);
    expect(ops.filter((op) => op.startsWith("Q") || op.startsWith("D"))).toEqual([]);
  });
  test("QLinearConv with channels last", async () => {
    const { error } = await compare(
      between("2,6,6,3", "com.microsoft.QLinearConv <channels_last=1> (xq, sx, zx, w, sw, zw, sy, zy)", conv),
      { x: grid([2, 6, 6, 3], 0.05, -100, 155) },
    );
    expect(error).toBeLessThanOrEqual(0.51 * STEP);
  });

  const matrix = [
    integers("w", "int8", [6, 5], -127, 127),
    "float s1 = {0.01}, int8 z1 = {3}",
    "float[5] s5 = {0.01, 0.02, 0.015, 0.005, 0.01}, int8[5] z5 = {0, 0, 0, 0, 0}",
    integers("wt", "uint8", [5, 6], 0, 255),
    "uint8 zt = {128}",
    integers("c", "int32", [5], -900, 900),
  ].join(", ");
  test.each([
    ["QLinearMatMul(xq, sx, zx, w, s1, z1, sy, zy)", 0.51],
    ["QLinearMatMul(xq, sx, zx, w, s5, z5, sy, zy)", 0.51],
    ["com.microsoft.QGemm <transB=1> (xq, sx, zx, wt, s1, zt, c, sy, zy)", 0.51],
    ["com.microsoft.QGemm <alpha=0.5> (xq, sx, zx, w, s5, z5, c, sy, zy)", 0.51],
  ])("%s", async (call, steps) => {
    const { error } = await compare(between("N,6", call, matrix), rows);
    expect(error).toBeLessThanOrEqual(steps * STEP);
  });

  const other = `${integers("k", "uint8", [6], 0, 255)}, float sk = {0.04}, uint8 zk = {90}, bool[6] m = {1, 0, 1, 1, 0, 0}`;
  test.each([
    ["com.microsoft.QLinearAdd(xq, sx, zx, k, sk, zk, sy, zy)", 1.01],
    ["com.microsoft.QLinearMul(xq, sx, zx, k, sk, zk, sy, zy)", 1.01],
    ["com.microsoft.QLinearMul(xq, sx, zx, xq, sx, zx, sy, zy)", 1.01],
    ["com.microsoft.QLinearLeakyRelu <alpha=0.2> (xq, sx, zx, sy, zy)", 0.51],
    ["com.microsoft.QLinearConcat <axis=1> (sy, zy, xq, sx, zx, xq, sx, zx)", 0.51],
    ["com.microsoft.QLinearWhere(m, xq, sx, zx, k, sk, zk, sy, zy)", 0.51],
  ])("%s", async (call, steps) => {
    const { error } = await compare(between("N,6", call, other), rows);
    expect(error).toBeLessThanOrEqual(steps * STEP);
  });

  test.each([
    ["QLinearSigmoid(xq, sx, zx, su, zu)", ""],
    ["QLinearSoftmax <opset=13, axis=-1> (xq, sx, zx, su, zu)", ""],
    ["QLinearSoftmax <opset=11, axis=0> (xq, sx, zx, su, zu)", ""],
  ])("%s", async (call) => {
    const source = `${microsoft()} g (float[4,6] x) => (float[] y) <${X}, float su = {0.00390625}, uint8 zu = {0}> {
      xq = QuantizeLinear(x, sx, zx) yq = com.microsoft.${call} y = DequantizeLinear(yq, su, zu) }`;
    const { error, ops } = await compare(source, rows);
    expect(error).toBeLessThanOrEqual(1.01 / 256);
    // Cutting [0, 1] to [0, 255/256] is within the error: the softmax stays the last thing a model does.
    expect(ops.filter((op) => op === "Clip")).toHaveLength(1);
  });

  test.each([
    "QLinearAveragePool <kernel_shape=[2,2], strides=[2,2]> (xq, sx, zx, sy, zy)",
    "QLinearAveragePool <kernel_shape=[3,3], pads=[1,1,1,1], count_include_pad=1> (xq, sx, zx, sy, zy)",
    "QLinearGlobalAveragePool(xq, sx, zx, sy, zy)",
  ])("%s", async (call) => {
    const { error } = await compare(between("N,3,6,6", `com.microsoft.${call}`, "int64 unused = {0}"), image);
    expect(error).toBeLessThanOrEqual(1.01 * STEP);
  });
});

describe("to integers and back", () => {
  const there = (held: string, body: string, outputs = "float[] y") =>
    `${microsoft()} g (float[4,6] x) => (${outputs}) <${held}> { ${body} }`;

  test("a range that starts at zero is the Relu a quantiser dropped", async () => {
    const source = there("float s = {0.05}, uint8 z = {0}", "q = QuantizeLinear(x, s, z) y = DequantizeLinear(q, s, z)");
    const { error, m } = await compare(source, rows);
    expect(error).toBeLessThan(1e-6);
    const [clip] = m.graph.node;
    expect([clip!.opType, clip!.output]).toEqual(["Clip", ["q"]]);
    const bounds = m.graph.initializer.map(
      (t) => numbers({ type: "float32", dims: [], data: new Float32Array(t.rawData!.slice().buffer) })[0],
    );
    expect(bounds.sort()).toEqual([0, Math.fround(12.75)]);
  });

  test("moving integers is moving floats: one range for all", async () => {
    const source = `${microsoft()} g (float[2,3,6,6] x) => (float[] y) <${X}, int64[2] shape = {2,-1}, int64[1] from = {1}, int64[1] to = {20}> {
      q = QuantizeLinear(x, sx, zx) p = MaxPool <kernel_shape=[2,2]> (q) d = DequantizeLinear(p, sx, zx)
      e = QuantizeLinear(d, sx, zx) t = Transpose <perm=[0,2,3,1]> (e) r = Reshape(t, shape) c = Slice(r, from, to, from)
      y = DequantizeLinear(c, sx, zx) }`;
    const { error, ops } = await compare(source, image);
    expect(error).toBeLessThan(1e-5);
    expect(ops).toEqual(["Clip", "MaxPool", "Transpose", "Reshape", "Slice"]);
  });

  test.each([
    ["its own", "t = QuantizeLinear(z, sx, zx) u = DequantizeLinear(t, sx, zx) a = Add(u, b) q = QuantizeLinear(a, sy, zy)"],
    ["in integers", "t = QuantizeLinear(z, sx, zx) q = com.microsoft.QLinearAdd(t, sx, zx, c, sx, zx, sy, zy)"],
  ])("a bias and its layer stay together: %s", async (_, body) => {
    const held = `${X}, ${Y}, float[6,5] w = random(3), float[5] b = random(4), ${integers("c", "uint8", [5], 0, 255)}`;
    const { error, ops } = await compare(there(held, `z = MatMul(x, w) ${body} y = DequantizeLinear(q, sy, zy)`), {
      x: grid([4, 6], 0.05, -20, 20),
    });
    expect(error).toBeLessThanOrEqual(0.025 + STEP);
    expect(ops.filter((op) => /MatMul|Add|Clip/.test(op))).toEqual(["MatMul", "Add", "Clip"]);
  });

  test.each(["(q, p, zx)", "(q, p)", '<mode="edge"> (q, p)'])("Pad %s", async (call) => {
    const source = there(
      `${X}, int64[4] p = {1,0,2,1}`,
      `q = QuantizeLinear(x, sx, zx) r = Pad ${call} y = DequantizeLinear(r, sx, zx)`,
    );
    const { error, ops } = await compare(source, rows);
    expect(error).toBeLessThan(1e-5);
    expect(ops).toEqual(["Clip", "Pad"]);
  });

  test("integers at the outputs stay integers", async () => {
    const source = there(
      `${X}, float s = {0.1}, int8 z = {-3}`,
      "q = QuantizeLinear(x, sx, zx) y = DequantizeLinear(q, sx, zx) i = QuantizeLinear(y, s, z)",
      "uint8[] q, float[] y, int8[] i",
    );
    const { error } = await compare(source, rows);
    expect(error).toBeLessThanOrEqual(1); // halves may round the other way
  });

  test("integers that something computes with are computed", async () => {
    const source = there(
      `${X}, int32 two = {2}`,
      "q = QuantizeLinear(x, sx, zx) i = Cast <to=6> (q) j = Mul(i, two) y = Cast <to=1> (j)",
    );
    expect((await compare(source, rows)).error).toBe(0);
    const floats = there(X, "q = QuantizeLinear(x, sx, zx) y = Cast <to=1> (q)");
    expect((await compare(floats, rows)).error).toBeLessThan(1e-4);
  });

  test("other parameters on the way back", async () => {
    const source = there(`${X}, float s = {0.2}, uint8 z = {7}`, "q = QuantizeLinear(x, sx, zx) y = DequantizeLinear(q, s, z)");
    expect((await compare(source, rows)).error).toBeLessThan(1e-4);
  });

  test("positions and sizes do not ask for scales", async () => {
    const source = there(X, "q = QuantizeLinear(x, sx, zx) y = ArgMax <axis=0> (q) n = Shape(q)", "int64[] y");
    const m = await lowered(source);
    expect(opsOf(m).filter((op) => op !== "Identity")).toEqual(["Clip", "ArgMax"]);
    expect(numbers((await runModel(m, rows)).y)).toEqual(numbers((await original(source, rows)).y));
  });

  test("weights that are rounded in the file, a scale for each row", async () => {
    const held = `${X}, float[5,6] w = random(3), float[5] s = {0.01, 0.02, 0.03, 0.04, 0.05}, int8[5] z = {0,0,0,0,0}`;
    const source = there(
      held,
      "q = QuantizeLinear <axis=0> (w, s, z) v = DequantizeLinear <axis=0> (q, s, z) t = Transpose <perm=[1,0]> (v) y = MatMul(x, t)",
    );
    expect((await compare(source, rows)).error).toBeLessThan(1e-4);
  });
});

describe("weights as integers", () => {
  const layer = (held: string, dequantise: string, opset = 21) =>
    `<ir_version: 10, opset_import: ["" : ${opset}]> g (float[N,6] x) => (float[] y) <${held}> { w = ${dequantise} y = MatMul(x, w) }`;
  test.each([
    ["one scale", integers("q", "uint8", [6, 4], 0, 255), "float s = {0.01}, uint8 z = {128}", "DequantizeLinear(q, s, z)"],
    ["no zero point", integers("q", "int8", [6, 4], -99, 99), "float s = {0.01}", "DequantizeLinear(q, s)"],
    [
      "a scale for each column",
      integers("q", "int8", [6, 4], -99, 99),
      "float[4] s = {0.01, 0.02, 0.03, 0.04}, int8[4] z = {1, 2, 3, 4}",
      "DequantizeLinear <axis=-1> (q, s, z)",
    ],
    [
      "a scale for each row",
      integers("q", "int8", [6, 4], -99, 99),
      "float[6] s = {0.01, 0.02, 0.03, 0.04, 0.05, 0.06}, int8[6] z = {1, 2, 3, 4, 5, 6}",
      "DequantizeLinear <axis=0> (q, s, z)",
    ],
    [
      "blocks",
      integers("q", "int8", [6, 4], -99, 99),
      `float[2,4] s = {0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08}, ${integers("z", "int8", [2, 4], -9, 9)}`,
      "DequantizeLinear <axis=0, block_size=3> (q, s, z)",
    ],
  ])("%s", async (_, q, parameters, call) => {
    const { error, ops } = await compare(layer(`${q}, ${parameters}`, call), rows);
    expect(error).toBeLessThan(1e-4);
    expect(ops).not.toContain("DequantizeLinear");
  });

  test.each(["int4", "uint4"])("%s", async (type) => {
    const text = layer(
      `${integers("q", "uint8", [6, 2], 0, 255)}, float[4] s = {0.1, 0.2, 0.3, 0.4}, ${integers("z", "uint8", [2], 0, 255, 5)}`,
      "DequantizeLinear <axis=1> (q, s, z)",
    );
    const parsed = model(text);
    const dataType = type === "int4" ? 22 : 21;
    const four = { q: [6, 4], z: [4] } as Record<string, number[]>;
    const initializer = parsed.graph.initializer.map((t) => (four[t.name] ? { ...t, dataType, dims: four[t.name]! } : t));
    const source = { ...parsed, graph: { ...parsed.graph, initializer } };
    const m = await lowered(source);
    const [want, got] = [await original(source, rows), await runModel(m, rows)];
    numbers(got.y).forEach((v, i) => {
      expect(v).toBeCloseTo(numbers(want.y)[i]!, 4);
    });
    expect(opsOf(m)).not.toContain("DequantizeLinear");
  });

  test("a table of integers becomes one of floats before words are looked up", async () => {
    const source = `${microsoft()} g (int64[N,S] ids) => (float[] y) <${integers("q", "uint8", [9, 4], 0, 255)}, float s = {0.01}, uint8 z = {128}> {
      r = Gather(q, ids) y = DequantizeLinear(r, s, z) }`;
    const { error, ops } = await compare(source, { ids: ints([2, 3], [1, 5, 8, 0, 3, 2]) });
    expect(error).toBeLessThan(1e-5);
    expect(ops.at(-1)).toBe("Gather");
  });

  test("bytes as input", async () => {
    const source = `${microsoft()} g (uint8[N,2,3] x) => (float[] y) <${X}> { t = Transpose <perm=[0,2,1]> (x) y = DequantizeLinear(t, sx, zx) }`;
    const x: Tensor = { type: "uint8", dims: [1, 2, 3], data: Uint8Array.of(3, 100, 255, 0, 17, 200) };
    const { error, ops } = await compare(source, { x });
    expect(error).toBeLessThan(1e-5);
    expect(ops).not.toContain("DequantizeLinear");
  });
});

describe("dynamic quantisation", () => {
  const w = `${integers("w", "int8", [6, 5], -127, 127)}, float sw = {0.01}, int8 zw = {3}, float[5] b = random(4), float[5] s5 = {0.01, 0.02, 0.01, 0.02, 0.03}, int8[5] z5 = {1, 2, 3, 4, 5}`;
  const there = (body: string, held = w) => `${microsoft()} g (float[4,6] x) => (float[] y) <${held}> { ${body} }`;
  /** x spans about 13 units in 255 steps; six of them are multiplied by weights below 1.3. */
  const TOLERANCE = 0.5 * (12.75 / 255) * 6 * 1.3;

  test("MatMulInteger and its scales become one layer", async () => {
    const { error, ops } = await compare(
      there(
        `q, s, z = DynamicQuantizeLinear(x) f = Mul(s, sw) i = MatMulInteger(q, w, z, zw) c = Cast <to=1> (i) m = Mul(c, f) y = Add(m, b)`,
      ),
      rows,
    );
    expect(error).toBeLessThan(TOLERANCE);
    expect(ops).toEqual(["Cast", "Sub", "Mul", "MatMul", "Add"]);
  });
  test("the scales where they are not found in that place", async () => {
    const { error } = await compare(
      there(`q, s, z = DynamicQuantizeLinear(x) i = MatMulInteger(q, w, z) c = Cast <to=1> (i) m = Mul(c, s) y = Mul(m, sw)`),
      rows,
    );
    expect(error).toBeLessThan(TOLERANCE);
  });
  test("ConvInteger", async () => {
    const { error } = await compare(
      `${microsoft()} g (float[2,3,6,6] x) => (float[] y) <${integers("w", "uint8", [4, 3, 3, 3], 0, 255)}, float sw = {0.005}, uint8 zw = {128}> {
        q, s, z = DynamicQuantizeLinear(x) f = Mul(s, sw) i = ConvInteger <pads=[1,1,1,1]> (q, w, z, zw) c = Cast <to=1> (i) y = Mul(c, f) }`,
      image,
    );
    expect(error).toBeLessThan(0.5 * 0.05 * 27 * 0.64);
  });
  test.each(["DynamicQuantizeMatMul(x, w, sw, zw, b)", "DynamicQuantizeMatMul(x, w, s5, z5)", "DynamicQuantizeMatMul(x, w, sw)"])(
    "%s",
    async (call) => {
      expect((await compare(there(`y = com.microsoft.${call}`), rows)).error).toBeLessThan(TOLERANCE * 3);
    },
  );
  test("MatMulIntegerToFloat", async () => {
    const { error } = await compare(
      there("q, s, z = DynamicQuantizeLinear(x) y = com.microsoft.MatMulIntegerToFloat(q, w, s, sw, z, zw, b)"),
      rows,
    );
    expect(error).toBeLessThan(TOLERANCE);
  });
  test("integers that are not there", async () => {
    const source = there(
      'q, s, z = DynamicQuantizeLinear(x) i = MatMulInteger(q, w, z) j = BitShift <direction="LEFT"> (q, q) y = Cast <to=1> (i)',
    );
    await expect(lowered(source.replace("(float[] y)", "(float[] y, uint8[] j)"))).rejects.toThrow(/dynamically quantised/);
  });
});

describe("blocks", () => {
  test("QAttention", async () => {
    const held = `${integers("w", "int8", [8, 24], -127, 127)}, float[24] b = random(2), float sw = {0.01}, int8 zw = {0}, ${X}, int32[2] m = {3, 2}`;
    const source = `${microsoft()} g (float[2,3,8] x) => (float[] y) <${held}> {
      q = QuantizeLinear(x, sx, zx) y = com.microsoft.QAttention <num_heads=2> (q, w, b, sx, sw, m, zx, zw) }`;
    const { error } = await compare(source, { x: grid([2, 3, 8], 0.05, -20, 20) });
    expect(error).toBeLessThan(1e-3);
  });
  test("QEmbedLayerNormalization", async () => {
    const held = [
      integers("w", "uint8", [9, 4], 0, 255, 1),
      integers("p", "uint8", [7, 4], 0, 255, 2),
      integers("t", "uint8", [2, 4], 0, 255, 3),
      integers("gamma", "uint8", [4], 0, 255, 4),
      integers("beta", "uint8", [4], 0, 255, 5),
      "float s = {0.01}, uint8 z = {128}",
    ].join(", ");
    const source = `${microsoft()} g (int32[2,3] ids, int32[2,3] seg) => (float[] y) <${held}> {
      y, n = com.microsoft.QEmbedLayerNormalization (ids, seg, w, p, t, gamma, beta, "", s, s, s, s, s, z, z, z, z, z) }`;
    const int32 = (data: number[]): Tensor => ({ type: "int32", dims: [2, 3], data: Int32Array.from(data) });
    expect((await compare(source, { ids: int32([1, 5, 8, 0, 3, 2]), seg: int32([0, 0, 1, 0, 1, 1]) })).error).toBeLessThan(1e-4);
  });
  test.each([
    ["float[1] s = {0.01}, int8[1] z = {0}", 1],
    [
      `float[1,16] s = {${Array.from({ length: 16 }, (_, i) => 0.005 + i / 1000)}}, int8[1,16] z = {${Array.from({ length: 16 }, () => 0)}}`,
      2,
    ],
  ])("DynamicQuantizeLSTM %#", async (parameters) => {
    const held = `${integers("w", "int8", [1, 6, 16], -60, 60)}, ${integers("r", "int8", [1, 4, 16], -60, 60, 2)}, float[1,32] b = random(3), ${parameters}`;
    const source = `${microsoft()} g (float[3,2,6] x) => (float[] y, float[] h) <${held}> {
      y, h = com.microsoft.DynamicQuantizeLSTM <hidden_size=4> (x, w, r, b, "", "", "", "", s, z, s, z) }`;
    const m = await lowered(source);
    const x = { x: grid([3, 2, 6], 0.05, -20, 20) };
    const [want, got] = [await original(source, x), await runModel(m, x)];
    for (const name of ["y", "h"])
      numbers(got[name]).forEach((v, i) => {
        expect(Math.abs(v - numbers(want[name])[i]!)).toBeLessThan(0.02);
      });
  });
});

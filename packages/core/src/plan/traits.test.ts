import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { model } from "../../test/support/run.ts";
import { prepare } from "../lower/prepare.ts";
import { readModel } from "../reading/index.ts";
import { traitsOf } from "./traits.ts";

const traits = async (text: string) => {
  const prepared = await prepare(model(text), await nodeRuntime(), {});
  return traitsOf(prepared);
};

let drawn = 0;
/** Weights are named by what they are, so that blocks can be put one after the other. */
class Net {
  readonly held: string[] = [];
  readonly nodes: string[] = [];
  weight(dims: string): string {
    const name = `w${this.held.length}`;
    this.held.push(`float[${dims}] ${name} = random(${++drawn})`);
    return name;
  }
  value(node: string): string {
    const name = `v${this.nodes.length}`;
    this.nodes.push(`${name} = ${node}`);
    return name;
  }
  conv(x: string, { channels = 4, k = 3, group = 1, stride = 1 } = {}): string {
    const p = (k - 1) / 2;
    const w = this.weight(`${channels},${4 / group},${k},${k}`);
    return this.value(`Conv <pads=[${p},${p},${p},${p}], group=${group}, strides=[${stride},${stride}]> (${x}, ${w})`);
  }
  dense(x: string, from = 4, to = 4): string {
    return this.value(`MatMul(${x}, ${this.weight(`${from},${to}`)})`);
  }
  norm(x: string): string {
    return this.value(`LayerNormalization(${x}, ${this.weight("4")}, ${this.weight("4")})`);
  }
  attention(x: string, projected = true): string {
    const [q, k, v] = projected ? [0, 1, 2].map(() => this.dense(x)) : [x, x, x];
    const scores = this.value(
      `Softmax <axis=-1> (${this.value(`MatMul(${q}, ${this.value(`Transpose <perm=[0,2,1]> (${k})`)})`)})`,
    );
    const mixed = this.value(`MatMul(${scores}, ${v})`);
    return projected ? this.dense(mixed) : mixed;
  }
  /** Attention and a dense network, each with its norm and its skip. */
  transformer(x: string): string {
    const mixed = this.value(`Add(${x}, ${this.attention(this.norm(x))})`);
    const wide = this.value(`Relu(${this.dense(this.norm(mixed), 4, 8)})`);
    return this.value(`Add(${mixed}, ${this.dense(wide, 8, 4)})`);
  }
  bottleneck(x: string, depthwise = false): string {
    const a = this.value(`Relu(${this.conv(x, { k: 1 })})`);
    const b = this.value(`Relu(${this.conv(a, { group: depthwise ? 4 : 1 })})`);
    return this.value(`Relu(${this.value(`Add(${x}, ${this.conv(b, { k: 1 })})`)})`);
  }
  tokens(x: string): string {
    return this.value(`Transpose <perm=[0,2,1]> (${this.value(`Reshape(${x}, cut)`)})`);
  }
  map(x: string): string {
    return this.value(`Reshape(${this.value(`Transpose <perm=[0,2,1]> (${x})`)}, paste)`);
  }
  text(input: string, last: string, pool = "ReduceMean <axes=[1], keepdims=0>"): string {
    const y = this.dense(this.value(`${pool} (${last})`), 4, 3);
    return `<ir_version: 8, opset_import: ["" : 17]> net (${input}) => (float[N,3] y)
      <int64[3] cut = {0,4,-1}, int64[4] paste = {0,4,8,8}, ${this.held.join(", ")}> { ${this.nodes.join("\n")} y = Identity(${y}) }`;
  }
}
const PICTURE = "float[N,4,8,8] x";
const GLOBAL = "ReduceMean <axes=[2,3], keepdims=0>";

describe("attention", () => {
  test.each([0, 3])("transformers are all of it, whatever the stem: %i convolutions", async (stem) => {
    const net = new Net();
    let x = "x";
    for (let i = 0; i < stem; i++) x = net.value(`Relu(${net.conv(x)})`);
    let t = net.tokens(x);
    for (let i = 0; i < 2; i++) t = net.transformer(t);
    const found = await traits(net.text(PICTURE, t));
    expect(found).toMatchObject({ attention: true, attentionShare: 1, layerNorm: true, recurrent: false, input: "picture" });
  });
  test("a deep convolutional trunk in front of one is no stem", async () => {
    const net = new Net();
    let x = "x";
    for (let i = 0; i < 5; i++) x = net.bottleneck(x);
    const t = net.transformer(net.transformer(net.tokens(x)));
    expect((await traits(net.text(PICTURE, t))).attentionShare).toBeLessThan(0.5);
  });
  test("convolutions that take turns with it count (CoAtNet, MaxViT, MobileViT)", async () => {
    const net = new Net();
    let x = "x";
    for (let i = 0; i < 3; i++) x = net.map(net.transformer(net.tokens(net.bottleneck(x, true))));
    const { attentionShare, depthwise } = await traits(net.text(PICTURE, x, GLOBAL));
    expect(attentionShare).toBeCloseTo(6 / 15);
    expect(depthwise).toBe(true);
  });
  test("global context between convolutions is little of it", async () => {
    const net = new Net();
    let x = "x";
    for (let i = 0; i < 3; i++) {
      x = net.bottleneck(x);
      const rows = net.value(`Reshape(${x}, cut)`);
      const where = net.value(
        `Transpose <perm=[0,2,1]> (${net.value(`Softmax <axis=-1> (${net.value(`Reshape(${net.conv(x, { k: 1, channels: 1 })}, row)`)})`)})`,
      );
      const context = net.value(`Reshape(${net.value(`MatMul(${rows}, ${where})`)}, point)`);
      x = net.value(`Add(${x}, ${net.conv(context, { k: 1 })})`);
    }
    const text = net
      .text(PICTURE, x, GLOBAL)
      .replace("<int64[3] cut", "<int64[3] row = {0,1,-1}, int64[4] point = {0,4,1,1}, int64[3] cut");
    const { attention, attentionShare } = await traits(text);
    expect(attention).toBe(true);
    expect(attentionShare).toBeLessThan(0.5);
    expect(attentionShare).toBeGreaterThan(0);
  });
  test("behind an LSTM is less than half", async () => {
    const text = `<ir_version: 8, opset_import: ["" : 17]> net (float[5,1,4] x) => (float[1,3] y)
      <float[1,24,4] w = random(1), float[1,24,6] r = random(2), float[6,1] v = random(3), float[6,3] d = random(4), int64[1] one = {1}> {
      h, last, cell = LSTM <hidden_size=6> (x, w, r) s = Squeeze(h, one) t = Transpose <perm=[1,0,2]> (s) a = MatMul(t, v)
      p = Softmax <axis=1> (a) q = Transpose <perm=[0,2,1]> (p) c = MatMul(q, t) f = Squeeze(c, one) y = MatMul(f, d) }`;
    expect(await traits(text)).toMatchObject({ attention: true, recurrent: true, input: "series" });
    expect((await traits(text)).attentionShare).toBeLessThanOrEqual(0.5);
  });
  test("a softmax that weighs nothing is none", async () => {
    const net = new Net();
    const text = net.text("float[N,5,4] x", net.value(`Softmax(${net.dense("x")})`));
    expect(await traits(text)).toMatchObject({ attention: false, attentionShare: 0 });
  });
});

describe("recurrent", () => {
  const layer = (op: string, gates: number, outputs: string) => `<ir_version: 8, opset_import: ["" : 17]>
    net (float[4,1,3] x) => (float[1,2] y) <float[1,${gates * 5},3] w = random(1), float[1,${gates * 5},5] r = random(2), float[5,2] d = random(3), int64[1] zero = {0}> {
    h, ${outputs} = ${op} <hidden_size=5> (x, w, r) s = Squeeze(last, zero) y = MatMul(s, d) }`;
  test.each([
    ["LSTM", 4, "last, cell"],
    ["GRU", 3, "last"],
    ["RNN", 1, "last"],
  ] as const)("%s", async (op, gates, outputs) => {
    expect(await traits(layer(op, gates, outputs))).toMatchObject({ recurrent: true, convolutions: new Set(), input: "series" });
  });
  test("not the same weights side by side", async () => {
    const text = `net (float[N,4] x, float[N,4] z) => (float[N,4] y) <float[4,4] w = random(1)> {
      a = MatMul(x, w) b = MatMul(z, w) y = Mul(a, b) }`;
    expect((await traits(text)).recurrent).toBe(false);
  });
});

describe("convolutions", () => {
  const one = (input: string, weight: string, rest = "") =>
    `net (${input}) => (float[] y) <float[${weight}] w = random(1)> { y = Conv ${rest} (x, w) }`;
  test.each<[string, string, number[], boolean]>([
    ["over time", one("float[N,4,20] x", "6,4,3"), [1], false],
    ["over a picture", one("float[N,4,8,8] x", "6,4,3,3"), [2], false],
    ["over a volume", one("float[N,4,8,8,8] x", "6,4,3,3,3"), [3], false],
    ["over time, written as a picture of height 1", one("float[N,4,1,20] x", "6,4,1,3"), [1], false],
    ["of one point: a dense layer", one("float[N,4,1,1] x", "6,4,1,1"), [], false],
    ["channel by channel", one("float[N,4,8,8] x", "8,1,3,3", "<group=4>"), [2], true],
    ["in groups", one("float[N,4,8,8] x", "8,2,3,3", "<group=2>"), [2], false],
  ])("%s", async (_, text, axes, depthwise) => {
    expect(await traits(text)).toMatchObject({ convolutions: new Set(axes), depthwise });
  });
});

describe("LayerNorm", () => {
  const written = (axis: number, dims: string) => `net (float[${dims}] x) => (float[] y) <float e = {0.00001}, float two = {2}> {
    m = ReduceMean <axes=[${axis}]> (x) d = Sub(x, m) p = Pow(d, two) v = ReduceMean <axes=[${axis}]> (p) w = Add(v, e) s = Sqrt(w) y = Div(d, s) }`;
  test("as an operator, written out over the last axis, or over the channels", async () => {
    expect((await traits(written(-1, "N,5,4"))).layerNorm).toBe(true);
    expect((await traits(written(1, "N,4,8,8"))).layerNorm).toBe(true);
    expect((await traits(written(2, "N,4,8,8"))).layerNorm).toBe(false);
  });
  test("not BatchNormalization", async () => {
    const net = `net (float[N,2,4,4] x) => (float[] y) <float[2] s = {1,1}, float[2] b = {0,0}> { y = BatchNormalization(x, s, b, b, s) }`;
    expect((await traits(net)).layerNorm).toBe(false);
  });
});

describe("what is explained", () => {
  const dense = (input: string, size: number) =>
    `net (${input}) => (float[N,3] y) <float[${size},3] w = random(1)> { f = Flatten(x) y = Gemm(f, w) }`;
  test.each([
    ["a picture", dense("float[N,1,8,8] x", 64), "picture"],
    ["a picture without channels", dense("float[N,28,28] x", 784), "picture"],
    ["a row of a table", dense("float[N,12] x", 12), "table"],
    ["a series", dense("float[N,3,20] x", 60), "series"],
    ["tokens", "net (int64[N,5] x) => (float[] y) <float[9,4] e = random(1)> { g = Gather(e, x) y = Relu(g) }", "tokens"],
  ])("%s", async (_, text, input) => {
    expect((await traits(text)).input).toBe(input);
  });
});

test("members of a bag are no rows of a table, rows that the output keeps apart are", async () => {
  const dense = `float[3,4] w = random(1)`;
  const bag = `g (float[n,3] x) => (float[1,4] y) <${dense}, int64[1] rows = {0}> { h = MatMul(x, w) r = Relu(h) y = ReduceSum(r, rows) }`;
  const table = `g (float[n,3] x) => (float[n,4] y) <${dense}> { h = MatMul(x, w) y = Relu(h) }`;
  const inputs = await Promise.all(
    [bag, table].map(async (text) => {
      const prepared = await prepare(model(text), await nodeRuntime(), {});
      return traitsOf(prepared, { reading: readModel(prepared) }).input;
    }),
  );
  expect(inputs).toEqual([undefined, "table"]);
});

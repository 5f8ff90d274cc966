/** Roles of axes, on nets as exporters write them. */
import { describe, expect, test } from "vitest";
import { tracedModel } from "../../test/support/run.ts";
import { parseModel } from "../onnx/parse-text.ts";
import { readingInConfig } from "./config.ts";
import { type ReadingOptions, readModel } from "./index.ts";

const rolesOf = async (text: string, options: ReadingOptions = {}, value = "x"): Promise<string> => {
  const model = parseModel(text);
  const { axes } = readModel(await tracedModel(model), options);
  return axes
    .of(value)!
    .map(({ role }) => role)
    .join();
};

const DENSE = "f = Flatten(x) y = MatMul(f, w)";
const CONV2 = "float[4,3,3,3] k = random(1), float[4,2] w = random(2)";

describe("what operators tell", () => {
  test.each([
    [
      "a picture whose channels are moved to the front",
      `net (float[N,8,9,3] x) => (float[N,2] y) <${CONV2}> { t = Transpose <perm=[0,3,1,2]> (x) z = Conv(t, k) p = GlobalAveragePool(z) f = Flatten(p) y = MatMul(f, w) }`,
      "batch,height,width,channel",
    ],
    [
      "through scaling, padding and a Reshape in front",
      `net (float[N,8,9,3] x) => (float[N,2] y) <${CONV2}, int64[4] s = {0,8,9,3}, float h = {0.5}, int64[8] e = {0,1,1,0,0,1,1,0}>
        { a = Mul(x, h) b = Reshape(a, s) c = Pad(b, e) t = Transpose <perm=[0,3,1,2]> (c) z = Conv(t, k) p = GlobalAveragePool(z) f = Flatten(p) y = MatMul(f, w) }`,
      "batch,height,width,channel",
    ],
    [
      "a grey picture without an axis of channels",
      `net (float[N,8,9] x) => (float[N,2] y) <float[4,1,3,3] k = random(1), float[4,2] w = random(2), int64[1] a = {1}>
        { t = Unsqueeze(x, a) z = Conv(t, k) p = GlobalAveragePool(z) f = Flatten(p) y = MatMul(f, w) }`,
      "batch,height,width",
    ],
    [
      "a series convolved as a picture of height 1, as Keras is exported",
      `net (float[N,12,3] x) => (float[N,2] y) <float[4,3,1,3] k = random(1), float[4,2] w = random(2), int64[1] a = {2}, int64[1] b = {2}>
        { t = Transpose <perm=[0,2,1]> (x) u = Unsqueeze(t, a) z = Conv(u, k) s = Squeeze(z, b) m = ReduceMean <axes=[2], keepdims=0> (s) y = MatMul(m, w) }`,
      "batch,time,channel",
    ],
    [
      "a volume, channels last",
      `net (float[N,4,5,6,2] x) => (float[N,2] y) <float[3,2,3,3,3] k = random(1), float[3,2] w = random(2)>
        { t = Transpose <perm=[0,4,1,2,3]> (x) z = Conv(t, k) p = GlobalAveragePool(z) f = Flatten(p) y = MatMul(f, w) }`,
      "batch,depth,height,width,channel",
    ],
    [
      "a recurrent layer, time first",
      `net (float[7,N,3] x) => (float[N,2] y) <float[1,16,3] a = random(1), float[1,16,4] r = random(2), float[4,2] w = random(3), int64[1] z = {0}>
        { o, h = LSTM <hidden_size=4> (x, a, r) s = Squeeze(h, z) y = MatMul(s, w) }`,
      "time,batch,channel",
    ],
    [
      "a recurrent layer behind a Transpose",
      `net (float[N,7,3] x) => (float[N,2] y) <float[1,16,3] a = random(1), float[1,16,4] r = random(2), float[4,2] w = random(3), int64[1] z = {0}>
        { t = Transpose <perm=[1,0,2]> (x) o, h = LSTM <hidden_size=4> (t, a, r) s = Squeeze(h, z) y = MatMul(s, w) }`,
      "batch,time,channel",
    ],
    [
      "dense layers along a series",
      "net (float[N,12,3] x) => (float[N,2] y) <float[3,2] w = random(1)> { a = MatMul(x, w) y = ReduceMean <axes=[1], keepdims=0> (a) }",
      "batch,time,channel",
    ],
    [
      "nodes of a graph",
      "net (float[5,3] x) => (float[5,2] y) <float[5,5] g = random(1), float[3,2] w = random(2)> { a = MatMul(g, x) y = MatMul(a, w) }",
      "node,feature",
    ],
    [
      "members of a bag",
      "net (float[n,3] x) => (float[1,2] y) <float[3,2] w = random(2)> { a = ReduceMean <axes=[0]> (x) y = MatMul(a, w) }",
      "node,feature",
    ],
    ["a table", "net (float[N,4] x) => (float[N,2] y) <float[4,2] w = random(1)> { y = MatMul(x, w) }", "batch,feature"],
  ])("%s", async (_, text, roles) => {
    expect(await rolesOf(text)).toBe(roles);
  });

  test("ids have tokens, and so have the rows they pick", async () => {
    const text =
      "net (int64[N,7] x) => (float[N,2] y) <float[9,4] e = random(1), float[4,2] w = random(2)> { v = Gather(e, x) m = ReduceMean <axes=[1], keepdims=0> (v) y = MatMul(m, w) }";
    expect(await rolesOf(text)).toBe("batch,token");
    expect(await rolesOf(text, {}, "v")).toBe("batch,token,feature");
  });

  test("places put together are tokens; places and channels put together are features", async () => {
    const text = `net (float[N,3,8,9] x) => (float[N,2] y) <${CONV2}, int64[3] s = {0,4,-1}, float[168,2] d = random(3)> {
      z = Conv(x, k) r = Reshape(z, s) v = Relu(r) f = Flatten(v) y = MatMul(f, d) }`;
    expect(await rolesOf(text, {}, "v")).toBe("batch,channel,token");
    expect(await rolesOf(text, {}, "f")).toBe("batch,feature");
  });

  test("patches are tokens, heads are features, and put together they are what they were", async () => {
    const text = `net (float[N,3,8,8] x) => (float[N,2] y)
      <float[6,3,4,4] k = random(1), float[6,6] q = random(2), float[6,2] w = random(3), int64[3] s = {0,6,4}, int64[4] h = {0,4,2,3}, int64[3] j = {0,4,6}>
      { c = Conv <strides=[4,4]> (x, k) f = Reshape(c, s) t = Transpose <perm=[0,2,1]> (f) a = MatMul(t, q) b = Reshape(a, h) d = Transpose <perm=[0,2,1,3]> (b)
        u = Transpose <perm=[0,2,1,3]> (d) v = Reshape(u, j) m = ReduceMean <axes=[1], keepdims=0> (v) y = MatMul(m, w) }`;
    expect(await rolesOf(text, {}, "t")).toBe("batch,token,channel");
    expect(await rolesOf(text, {}, "d")).toBe("batch,feature,token,feature");
    expect(await rolesOf(text, {}, "v")).toBe("batch,token,feature");
  });
});

describe("what is left", () => {
  test("names of sizes", async () => {
    expect(await rolesOf(`net (float[batch,seq_len,3] x) => (float[batch,n] y) { y = Flatten(x) }`)).toBe("batch,time,channel");
    expect(await rolesOf(`net (float[N,height,width,3] x) => (float[N,n] y) { y = Flatten(x) }`)).toBe(
      "batch,height,width,channel",
    );
  });

  test("sizes: the short axis of a series, the few channels of a picture", async () => {
    const flat = (io: string, n: number) => `net (float[N,${io}] x) => (float[N,2] y) <float[${n},2] w = random(1)> { ${DENSE} }`;
    expect(await rolesOf(flat("24,3", 72))).toBe("batch,time,channel");
    expect(await rolesOf(flat("3,24", 72))).toBe("batch,channel,time");
    expect(await rolesOf(flat("8,8,3", 192))).toBe("batch,height,width,channel");
    expect(await rolesOf(flat("3,8,8", 192))).toBe("batch,channel,height,width");
  });
});

describe("what is said", () => {
  const flat = "net (float[N,24,3] x) => (float[N,2] y) <float[72,2] w = random(1)> { f = Flatten(x) y = MatMul(f, w) }";

  test("holds against everything else", async () => {
    expect(await rolesOf(flat, { layout: "NCL" })).toBe("batch,channel,time");
    expect(await rolesOf(flat, { layout: "nlc" })).toBe("batch,time,channel");
    expect(await rolesOf(flat, { channelAxis: { x: 1 } })).toBe("batch,channel,unknown");
    expect(await rolesOf(flat, { channelAxis: { x: -1 } })).toBe("batch,time,channel");
  });

  test("and must fit", async () => {
    for (const options of [
      { layout: "NHWC" },
      { layout: "NLL" },
      { layout: "NXY" },
      { channelAxis: { x: 3 } },
      { channelAxis: { q: 1 } },
    ])
      await expect(rolesOf(flat, options)).rejects.toMatchObject({ _tag: "BadRecipe" });
  });

  test("config.json may say it, too", () => {
    const own = { layout: "NLC", batch_axis: 1, channel_axis: { v: 2 } };
    expect(readingInConfig({ backlit: own })).toMatchObject({ layout: "NLC", batchAxis: 1, channelAxis: { v: 2 } });
    expect(readingInConfig({ id2label: {} })).toBeUndefined();
    for (const wrong of [{ layout: 3 }, { batch_axis: 1.5 }, { channel_axis: { v: "last" } }])
      expect(() => readingInConfig({ backlit: wrong })).toThrow(/config.json/);
  });
});

import { describe, expect, test } from "vitest";
import { loadText } from "../../../test/support/load.ts";
import type { LoadOptions } from "../../explain/index.ts";
import type { OutputReading } from "./output-reading.ts";

const WEIGHTS = `<float[4,3] w = random(1), float[4,3] u = random(2), float[4,1] v = random(3), float[3] b = random(4), float one = {1},
  float half = {0.5}, float[3,3] mix = {0.5,0.25,0.25, 0.1,0.8,0.1, 0,0.5,0.5}, float low = {0}, float high = {1}, int64[1] last = {1}, int64[2] flat = {0,-1}>`;

const read = async (nodes: string, output = "float[N,3] y", options: Partial<LoadOptions> = {}): Promise<OutputReading> => {
  await using lit = await loadText(`net (float[N,4] x) => (${output}) ${WEIGHTS} { ${nodes} }`, options);
  return lit.inspect({ onUnsupported: "detach" }).plan.reading;
};

describe("probabilities", () => {
  test.each([
    ["a softmax", "z = MatMul(x, w) y = Softmax(z)", "softmax", "z"],
    ["reshaped and clipped", "z = MatMul(x, w) s = Softmax(z) r = Reshape(s, flat) y = Clip(r)", "softmax", "z"],
    ["its logarithm", "z = MatMul(x, w) y = LogSoftmax(z)", "softmax", "z"],
    ["sigmoids", "z = MatMul(x, w) y = Sigmoid(z)", "sigmoid", "z"],
    ["a mean of softmaxes", "a = MatMul(x, w) p = Softmax(a) c = MatMul(x, u) q = Softmax(c) y = Mean(p, q)", "mixture", "y"],
    [
      "half the sum",
      "a = MatMul(x, w) p = Softmax(a) c = MatMul(x, u) q = Softmax(c) s = Add(p, q) y = Mul(s, half)",
      "mixture",
      "y",
    ],
    ["a mixture by a matrix", "a = MatMul(x, w) p = Softmax(a) y = MatMul(p, mix)", "mixture", "y"],
    ["votes over their sum", "a = MatMul(x, w) p = Sigmoid(a) s = ReduceSum(p, last) y = Div(p, s)", "mixture", "y"],
    [
      "votes over the sum of their sizes",
      "a = MatMul(x, w) p = Sigmoid(a) q = Abs(p) s = ReduceSum(q, last) y = Div(p, s)",
      "mixture",
      "y",
    ],
  ])("%s", async (_, nodes, kind, start) => {
    const { link, kind: read_, guessed } = await read(nodes);
    expect([link.kind, link.start, guessed]).toEqual([kind, start, false]);
    expect(read_).toBe(nodes.includes("LogSoftmax") ? "log-probabilities" : "probabilities");
  });

  test.each([
    ["shares of one sum", "a = MatMul(x, w) p = Sigmoid(a) y = LpNormalization <axis=-1, p=1> (p)", true],
    ["no length of 1", "a = MatMul(x, w) p = Sigmoid(a) y = LpNormalization <axis=-1, p=2> (p)", false],
    ["shares of samples", "a = MatMul(x, w) p = Sigmoid(a) y = LpNormalization <axis=0, p=1> (p)", false],
    ["of both signs", "a = MatMul(x, w) y = LpNormalization <axis=-1, p=1> (a)", false],
  ])("LpNormalization: %s", async (_, nodes, is) => {
    const { kind, link } = await read(nodes);
    expect([kind === "probabilities", link.kind === "mixture"]).toEqual([is, is]);
    if (is) expect(link).toMatchObject({ exclusive: true });
  });

  test("what lies between 0 and 1 beside its complement is one, and votes alone are none", async () => {
    const half = "z = MatMul(x, v) c = Clip(z, low, high)";
    const pair = await read(`${half} q = Sub(high, c) y = Concat <axis=1> (q, c)`, "float[N,2] y");
    expect(pair).toMatchObject({ kind: "probabilities", link: { kind: "mixture", exclusive: true, votes: true } });
    expect((await read("z = MatMul(x, w) y = Clip(z, low, high)")).kind).toBe("scores");
  });

  test("classes that share a sum of 1 are told from labels of their own", async () => {
    expect((await read("a = MatMul(x, w) p = Sigmoid(a) s = ReduceSum(p, last) y = Div(p, s)")).link.exclusive).toBe(true);
    expect((await read("a = MatMul(x, w) p = Sigmoid(a) c = MatMul(x, u) q = Sigmoid(c) y = Mean(p, q)")).link.exclusive).toBe(
      false,
    );
    const pair = await read("z = MatMul(x, v) p = Sigmoid(z) q = Sub(one, p) y = Concat <axis=1> (p, q)", "float[N,2] y");
    expect(pair.kind).toBe("probabilities");
  });

  test("what only happens to have one inside is none", async () => {
    expect((await read("a = MatMul(x, w) p = Sigmoid(a) y = Mul(a, p)")).kind).toBe("logits");
    expect((await read("a = MatMul(x, w) p = Softmax(a) y = Add(p, p)")).link.kind).toBe("none");
    expect((await read("a = MatMul(x, w) y = Softmax <axis=0> (a)")).link.kind).toBe("none");
  });
});

describe("other kinds", () => {
  test("logits are guessed where nothing says so; names and class names do", async () => {
    expect(await read("y = MatMul(x, w)")).toMatchObject({ kind: "logits", guessed: true });
    expect(await read("logits = MatMul(x, w)", "float[N,3] logits")).toMatchObject({ kind: "logits", guessed: false });
    expect(await read("y = MatMul(x, w)", undefined, { labels: ["a", "b", "c"] })).toMatchObject({
      kind: "logits",
      guessed: false,
    });
    expect(await read("y = MatMul(x, w)", undefined, { labels: ["a", "b"] })).toMatchObject({ guessed: true });
  });

  test("one number: a logit only where something says so", async () => {
    expect(await read("y = MatMul(x, v)", "float[N,1] y")).toMatchObject({ kind: "values", guessed: true, twoClasses: true });
    expect(await read("y = MatMul(x, v)", "float[N,1] y", { labels: ["no", "yes"] })).toMatchObject({ kind: "one-logit" });
    const said = await read("y = MatMul(x, v)", "float[N,1] y", { reading: { outputKind: "regression" } });
    expect(said).toMatchObject({ kind: "regression", twoClasses: false, classes: false });
    expect(await read("z = MatMul(x, v) y = Exp(z)", "float[N,1] y")).toMatchObject({ kind: "regression", twoClasses: false });
  });

  test("distances: the smaller is nearer", async () => {
    const nearest = "d = MatMul(x, w) a = Mul(d, d) y = Sqrt(a) k = ArgMin <axis=1, keepdims=0> (a)";
    expect(await read(nearest, "float[N,3] y, int64[N] k")).toMatchObject({ kind: "distances", sign: -1 });
  });
});

describe("outliers: another output is the side of a bound", () => {
  const sides: readonly [string, string, number][] = [
    ["its sign", "s = Sign(y) k = Cast <to=7> (s)", -1],
    ["a comparison, scaled", "l = Less(y, low) c = Cast <to=7> (l) m = Mul(c, minus2) k = Add(m, one1)", -1],
    ["turned round", "l = Greater(y, low) c = Cast <to=7> (l) m = Mul(c, minus2) k = Add(m, one1)", 1],
    ["a choice", "l = Less(low, y) k = Where(l, minus1, one1)", 1],
    ["of a shifted score", "t = Sub(low, y) l = Greater(t, high) k = Where(l, minus1, one1)", -1],
  ];
  test.each(sides)("%s", async (_, nodes, sign) => {
    const weights = WEIGHTS.replace(">", ", int64[1] minus2 = {-2}, int64[1] minus1 = {-1}, int64[1] one1 = {1}>");
    const text = `net (float[N,4] x) => (float[N,1] y, int64[N,1] k) ${weights} { y = MatMul(x, v) ${nodes} }`;
    await using lit = await loadText(text, {});
    const { reading } = lit.inspect({ output: "y" }).plan;
    expect([reading.kind, reading.sign, reading.twoClasses, reading.classes]).toEqual(["outlier-score", sign, false, false]);
  });
  test("a yes or no of 0 and 1 is none", async () => {
    expect((await read("y = MatMul(x, v) l = Less(y, low) k = Cast <to=7> (l)", "float[N,1] y, int64[N,1] k")).kind).toBe(
      "values",
    );
  });
});

describe("the class axis", () => {
  const picture = async (nodes: string, output: string, options: Partial<LoadOptions> = {}) => {
    const text = `net (float[N,2,6,6] x) => (${output}) <float[5,2,3,3] w = random(1)> { ${nodes} }`;
    await using lit = await loadText(text, options);
    return lit.inspect().plan.reading.classAxis;
  };
  test("channels of the layer that makes the output, wherever they are moved", async () => {
    expect(await picture("y = Conv(x, w)", "float[N,5,4,4] y")).toBe(1);
    expect(await picture("z = Conv(x, w) y = Transpose <perm=[0,2,3,1]> (z)", "float[N,4,4,5] y")).toBe(3);
    expect(await picture("z = Conv(x, w) s = Softmax <axis=1> (z) y = Identity(s)", "float[N,5,4,4] y")).toBe(1);
    expect(await picture("z = Conv(x, w) y = GlobalAveragePool(z)", "float[N,5,1,1] y")).toBe(1);
  });
  test("a person's word, and the number of class names", async () => {
    expect(await picture("y = Conv(x, w)", "float[N,5,4,4] y", { reading: { classAxis: -1 } })).toBe(3);
    const text =
      "net (float[N,4] x) => (float[N,2,3] y) <float[4,6] w = random(1), int64[3] s = {0,2,3}> { z = MatMul(x, w) y = Reshape(z, s) }";
    await using lit = await loadText(text, { labels: ["a", "b", "c"] });
    expect(lit.inspect().plan.reading.classAxis).toBe(2);
  });

  describe("nodes, tokens and places are no classes", () => {
    const of = async (text: string, options: Partial<LoadOptions> = {}) => {
      await using lit = await loadText(text, options);
      const { classAxis, whyAxis } = lit.inspect({ onUnsupported: "detach" }).plan.reading;
      return [classAxis, whyAxis];
    };
    test.each<[string, string, number | undefined]>([
      [
        "a graph that is fed",
        "net (float[V,4] x, float[V,V] adj) => (float[V,3] y) <float[4,3] w = random(1)> { h = MatMul(x, w) y = MatMul(adj, h) }",
        1,
      ],
      [
        "a graph in the file",
        "net (float[5,4] x) => (float[5,3] y) <float[5,5] adj = random(2), float[4,3] w = random(1)> { h = MatMul(x, w) y = MatMul(adj, h) }",
        1,
      ],
      [
        "one number a node",
        "net (float[V,4] x, float[V,V] adj) => (float[V,1] y) <float[4,1] w = random(1)> { h = MatMul(x, w) y = MatMul(adj, h) }",
        1,
      ],
      [
        "numbers of nodes alone",
        "net (float[V,4] x, float[V,V] adj) => (float[V] y) <float[4,1] w = random(1), int64[1] last = {1}> { h = MatMul(x, w) a = MatMul(adj, h) y = Squeeze(a, last) }",
        undefined,
      ],
      [
        "a graph of fixed size that is fed",
        "net (float[5,4] x, float[5,5] adj) => (float[5,3] y) <float[4,3] w = random(1)> { h = MatMul(x, w) y = MatMul(adj, h) }",
        1,
      ],
      [
        "texts beside pictures: each is a class",
        "net (int64[T,L] input_ids, float[N,6] image) => (float[T,N] logits) <float[9,4] e = random(1), float[6,4] w = random(2)> { h = Gather(e, input_ids) t = ReduceMean <axes=[1], keepdims=0> (h) i = MatMul(image, w) m = Transpose <perm=[1,0]> (i) logits = MatMul(t, m) }",
        0,
      ],
      [
        "one number a token",
        "net (int64[N,T] input_ids) => (float[N,T,1] y) <float[9,4] e = random(1), float[4,1] w = random(2)> { h = Gather(e, input_ids) y = MatMul(h, w) }",
        2,
      ],
      [
        "a map of one channel",
        "net (float[N,2,6,6] x) => (float[N,1,4,4] y) <float[1,2,3,3] w = random(1)> { y = Conv(x, w) }",
        1,
      ],
      [
        "a map without channels",
        "net (float[N,2,6,6] x) => (float[N,4,4] y) <float[1,2,3,3] w = random(1), int64[1] one = {1}> { z = Conv(x, w) y = Squeeze(z, one) }",
        undefined,
      ],
    ])("%s", async (_, text, axis) => {
      expect((await of(text))[0]).toBe(axis);
    });
    test("what a person says wins", async () => {
      const text =
        "net (float[5,4] x) => (float[5,3] y) <float[5,5] adj = random(2), float[4,3] w = random(1)> { h = MatMul(x, w) y = MatMul(adj, h) }";
      expect(await of(text, { reading: { classAxis: 0 } })).toEqual([0, "said so"]);
    });
  });
});

test.each([
  ["the first sample alone", "y = Gather <axis=0> (z, zero)", 0],
  ["the first sample alone, counted from the end", "y = Gather <axis=-2> (z, zero)", 0],
  ["samples in another order", "y = Gather <axis=0> (z, both)", 1],
  ["a transposition", "y = Transpose (z)", 0],
])("the class axis is followed through %s", async (_, end, axis) => {
  const text = `net (float[2,4] x) => (float[] y) <float[4,3] w = random(1), int64 zero = {0}, int64[2] both = {1, 0}> {
    z = MatMul(x, w) ${end} }`;
  await using lit = await loadText(text);
  const { reading } = lit.inspect({ onUnsupported: "detach" }).plan;
  expect([reading.kind, reading.classAxis]).toEqual(["logits", axis]);
});

test("classes of a map stay the channels where the axis of samples is gone", async () => {
  const text = `net (float[1,2,5,6] x) => (float[4,5,6] y) <float[4,2,1,1] k = random(1), int64 zero = {0}> {
    z = Conv(x, k) y = Gather <axis=0> (z, zero) }`;
  await using lit = await loadText(text);
  expect(lit.inspect().plan.reading.classAxis).toBe(0);
});

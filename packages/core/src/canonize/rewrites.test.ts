/** Each rewrite: what it makes of a graph, and the reason it gives where it does not fit. */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/compare.ts";
import { explain, type Feeds, noise, numbers, runModel, tracedModel } from "../../test/support/run.ts";
import { readInts } from "../onnx/tensors.ts";
import { type CanonizeOptions, canonize } from "./index.ts";

const canonical = async (text: string, options: CanonizeOptions = {}) => {
  const found = await tracedModel(text);
  const { graph, notes } = canonize(found.graph, found.ownFacts(), options);
  return {
    ops: graph.nodes.filter((node) => node.origin >= 0).map((node) => node.opType),
    reasons: notes.filter((note) => !note.matched).map((note) => `${note.rewrite}: ${note.reason}`),
    made: notes.filter((note) => note.matched).map((note) => note.rewrite),
  };
};
const BN = "float[4] s = random(1), float[4] t = random(2), float[4] m = random(3), float[4] v = {1,2,0.5,1}";
const net = (nodes: string, held: string, opset = 17) =>
  `<ir_version: 8, opset_import: ["" : ${opset}]> net (float[2,4,4,4] x) => (float[] y) <${held}> { ${nodes} }`;

describe("BatchNormalization", () => {
  const W = "float[4,4,1,1] w = random(4), float[4,4,3,3] k = random(5)";
  test.each([
    ["before", "n = BatchNormalization(x, s, t, m, v) y = Relu(n)", "no linear layer feeds it"],
    [
      "of a value used twice",
      "z = Conv(x, w) n = BatchNormalization(z, s, t, m, v) y = Add(n, z)",
      "the layer's result before normalisation is used elsewhere",
    ],
    [
      "through a mixing reshape",
      "z = Conv(x, w) r = Reshape(z, shape) n = BatchNormalization(r, s, t, m, v) y = Relu(n)",
      "mixes its channels",
    ],
    [
      "of computed parameters",
      "g = ReduceMean <axes=[0,2,3], keepdims=0> (x) z = Conv(x, w) n = BatchNormalization(z, g, t, m, v) y = Relu(n)",
      "its parameters are not constants",
    ],
  ])("%s", async (_, nodes, reason) => {
    const { ops, reasons } = await canonical(net(nodes, `${BN}, ${W}, int64[4] shape = {4,4,8,1}`));
    expect(ops).toContain("BatchNormalization");
    expect(reasons.join("\n")).toContain(reason);
  });

  test("merges through what keeps channels, and twice", async () => {
    const nodes =
      "z = Conv(x, w) a = Add(z, c) n = BatchNormalization(a, s, t, m, v) o = BatchNormalization(n, s, t, m, v) y = Relu(o)";
    expect((await canonical(net(nodes, `${BN}, ${W}, float[1,4,1,1] c = random(9)`))).ops).toEqual(["Conv", "Relu"]);
    const gemm =
      "f = ReduceMean <axes=[2,3], keepdims=0> (x) z = Gemm <alpha=2.0, beta=0.5, transB=1> (f, u, b) n = BatchNormalization(z, s, t, m, v) y = Relu(n)";
    expect((await canonical(net(gemm, `${BN}, float[4,4] u = random(3), float[4] b = random(4)`))).ops).toEqual([
      "ReduceMean",
      "Gemm",
      "Relu",
    ]);
    const matmul =
      "f = ReduceMean <axes=[2,3], keepdims=0> (x) z = MatMul(f, u) a = Add(b, z) e = Unsqueeze(a, ax) n = BatchNormalization(e, s, t, m, v) y = Relu(n)";
    expect(
      (await canonical(net(matmul, `${BN}, float[4,4] u = random(3), float[4] b = random(4), int64[1] ax = {2}`))).ops,
    ).toEqual(["ReduceMean", "MatMul", "Unsqueeze", "Relu"]);
  });

  test.each([
    ["padding", "n = BatchNormalization(x, s, t, m, v) y = Conv <pads=[1,1,1,1]> (n, k)", "zero padding comes between"],
    ["a ConvTranspose", "n = BatchNormalization(x, s, t, m, v) y = ConvTranspose(n, k)", "border of a ConvTranspose"],
    [
      "two readers",
      "n = BatchNormalization(x, s, t, m, v) a = Conv(n, w) b = Conv(n, w2) y = Add(a, b)",
      "no linear layer alone reads it",
    ],
    [
      "rows that are no channels",
      "n = BatchNormalization(x, s, t, m, v) f = Flatten <axis=2> (n) y = Gemm(f, u)",
      "its channels are not the layer's inputs",
    ],
    [
      "rows by Reshape",
      "n = BatchNormalization(x, s, t, m, v) f = Reshape(n, shape) y = Gemm(f, u)",
      "its channels are not the layer's inputs",
    ],
  ])("merge-next stops at %s", async (_, nodes, reason) => {
    const held = `${BN}, ${W}, float[4,4,1,1] w2 = random(8), float[16,3] u = random(6), int64[2] shape = {8,16}`;
    const text = net(nodes, held);
    const { ops, reasons } = await canonical(text, { batchnorm: "merge-next" });
    expect(reasons.join("\n")).toContain(reason);
    expect(ops).toContain("BatchNormalization");
  });

  test("merge-next reaches through a flattening", async () => {
    const nodes = "n = BatchNormalization(x, s, t, m, v) f = Flatten(n) y = Gemm(f, u)";
    expect((await canonical(net(nodes, `${BN}, float[64,3] u = random(6)`), { batchnorm: "merge-next" })).ops).toEqual([
      "Flatten",
      "Gemm",
    ]);
    expect((await canonical(net(nodes, `${BN}, float[64,3] u = random(6)`), { batchnorm: "pass" })).ops).toEqual([
      "BatchNormalization",
      "Flatten",
      "Gemm",
    ]);
  });
});

describe("bias", () => {
  const held =
    "float[4,4] w = random(1), float[4] b = random(2), float[4,1] rows = random(3), float[4,1] one = random(4), float[1,4,1,1] c = random(5), float[4,4,1,1] k = random(6)";
  test.each([
    ["MatMul and Add", "z = MatMul(x, w) y = Add(z, b)", ["MatMul"], ""],
    ["Conv and Add", "z = Conv(x, k) y = Add(c, z)", ["Conv"], ""],
    ["an addend along rows", "z = MatMul(x, w) y = Add(z, rows)", ["MatMul", "Add"], "varies along axis 2"],
    ["a result used elsewhere", "z = MatMul(x, w) a = Add(z, b) y = Mul(a, z)", ["MatMul", "Add", "Mul"], "used elsewhere"],
    ["a second addend", "z = Conv(x, k, b) y = Add(z, c)", ["Conv", "Add"], "already has a bias"],
    ["an addend that widens the result", "z = MatMul(x, one) y = Add(z, b)", ["MatMul", "Add"], "widens"],
  ])("%s", async (_, nodes, ops, reason) => {
    const text = net(nodes, held);
    const found = await canonical(text);
    expect(found.ops).toEqual(ops);
    expect(found.reasons.join("\n")).toContain(reason);
    const x = noise([2, 4, 4, 4], 3);
    const { out } = await explain(text, { x }, { recipe: { method: "gradient" } });
    expectClose(numbers(out.y), numbers((await runModel(text, { x })).y), 1e-6);
  });
});

describe("probabilities spelled out", () => {
  const held = "float one = {1}, float minus = {-1}, int64[1] ax = {1}, int64[3] shape = {0, 1, 4}";
  test.each([
    ["x − log Σ exp(x)", "s = ReduceLogSumExp <axes=[1]> (x) y = Sub(x, s)", ["LogSoftmax"]],
    ["by its three operators", "e = Exp(x) s = ReduceSum(e, ax) l = Log(s) y = Sub(x, l)", ["LogSoftmax"]],
    ["the axis put back", "s = ReduceLogSumExp <axes=[1], keepdims=0> (x) r = Unsqueeze(s, ax) y = Sub(x, r)", ["LogSoftmax"]],
    ["1/(1 + exp(−x))", "n = Neg(x) e = Exp(n) a = Add(e, one) y = Reciprocal(a)", ["Sigmoid"]],
    ["by a product and a quotient", "n = Mul(x, minus) e = Exp(n) a = Add(one, e) y = Div(one, a)", ["Sigmoid"]],
    ["another sum", "s = ReduceLogSumExp <axes=[1]> (x) h = Mul(s, s) y = Sub(x, h)", ["ReduceLogSumExp", "Activation", "Sub"]],
  ])("%s", async (_, nodes, ops) => {
    const text = net(nodes, held);
    expect((await canonical(text)).ops).toEqual(ops);
    if (ops.length > 1) return;
    const x = noise([2, 4, 4, 4], 3);
    const { out } = await explain(text, { x }, { recipe: { method: "gradient" } });
    expectClose(numbers(out.y), numbers((await runModel(text, { x })).y), 1e-6);
  });
});

describe("constants and identities", () => {
  test("Constant nodes, shape arithmetic and inference-time Dropout disappear", async () => {
    const nodes = `k = Constant <value_ints = [2, -1]> () q = Constant <value_float = 0.5> () d, mask = Dropout(x, q) i = Identity(d)
      s = Shape(i) n = Gather(s, zero) u = Unsqueeze(n, ax) t = Concat <axis=0> (u, minus) r = Reshape(i, t) a = Relu(r) y = Reshape(a, k)`;
    const { ops } = await canonical(net(nodes, "int64 zero = {0}, int64[1] ax = {0}, int64[1] minus = {-1}"));
    expect(ops).toEqual(["Reshape", "Relu", "Reshape"]);
  });
  test("training-time Dropout, a mask that is used, and an identity that is an output stay", async () => {
    const mask = await canonical(net("d, mask = Dropout(x) c = Cast <to=1> (mask) y = Mul(d, c)", "float unused = {0}"));
    expect(mask.reasons).toContain("remove-identity: the mask of the Dropout is used");
    const output = await canonical(net("r = Relu(x) y = Identity(r)", "float unused = {0}"));
    expect(output.reasons).toContain("remove-identity: its result is an output of the graph");
  });
});

test("what a subgraph reads keeps its name", async () => {
  const nodes = `i = Identity(x) yes = Constant <value = bool {1}> () r = ReduceMax(x) c = Greater(r, zero)
    y = If (c) <then_branch = t () => (float[] a) { a = Neg(i) }, else_branch = e () => (float[] b) { b = Relu(i) }>`;
  const text = net(nodes, "float zero = {0}");
  expect((await canonical(text)).reasons).toContain("remove-identity: a subgraph reads its result");
});

describe("activations spelled out", () => {
  const held =
    "float half = {0.5}, float one = {1}, float root = {1.4142135}, float three = {3}, float six = {6}, float zero = {0}, float k = {0.7978845}, float a = {0.044715}, float[4,4] w = random(1)";
  const PATTERNS: readonly (readonly [string, string])[] = [
    ["SiLU", "s = Sigmoid(x) y = Mul(x, s)"],
    ["SiLU", "s = Sigmoid(x) y = Mul(s, x)"],
    ["GELU", "d = Div(x, root) e = Erf(d) p = Add(e, one) m = Mul(x, p) y = Mul(m, half)"],
    ["GELU", "h = Mul(x, half) d = Div(x, root) e = Erf(d) p = Add(e, one) y = Mul(h, p)"],
    [
      "GELU (tanh)",
      "c = Pow(x, three) u = Mul(c, a) v = Add(x, u) t = Mul(v, k) h = Tanh(t) p = Add(h, one) q = Mul(p, half) y = Mul(x, q)",
    ],
    [
      "GELU (tanh)",
      "x2 = Mul(x, x) x3 = Mul(x2, x) u = Mul(x3, a) v = Add(x, u) t = Mul(v, k) h = Tanh(t) p = Add(h, one) q = Mul(x, half) y = Mul(q, p)",
    ],
    ["HardSwish", "s = HardSigmoid <alpha=0.16666667> (x) y = Mul(x, s)"],
    ["HardSwish", "p = Add(x, three) c = Clip(p, zero, six) m = Mul(x, c) y = Div(m, six)"],
    ["Mish", "s = Softplus(x) t = Tanh(s) y = Mul(x, t)"],
  ];
  test.each(PATTERNS)("%s: %s", async (label, nodes) => {
    const text = net(nodes, held);
    const feeds: Feeds = { x: noise([2, 4, 4, 4], 3) };
    const { compiled, out, relevance } = await explain(
      text,
      feeds,
      { recipe: { rules: [], output: "y", seed: "vector" } },
      { seed: noise([2, 4, 4, 4], 4) },
    );
    const units = compiled.plan.steps.filter(({ op }) => op === label);
    expect(units.length).toBe(1);
    expectClose(numbers(out.y), numbers((await runModel(text, feeds)).y), 1e-6);
    expectClose(relevance, numbers(noise([2, 4, 4, 4], 4)), 1e-6); // scale and unit pass everything
  });

  test.each([
    ["a squeeze-and-excitation gate", "p = GlobalAveragePool(x) s = Sigmoid(p) y = Mul(x, s)", "a gate"],
    ["a gated linear unit", "l = MatMul(x, w) s = Sigmoid(l) y = Mul(x, s)", "a gate"],
    ["a gate that is used elsewhere", "s = Sigmoid(x) m = Mul(x, s) y = Add(m, s)", "'s' inside the pattern is used elsewhere"],
  ])("%s is none", async (_, nodes, reason) => {
    const { ops, reasons } = await canonical(net(nodes, held));
    expect(ops).not.toContain("Activation");
    expect(reasons.join("\n")).toContain(reason);
  });

  test("gradients differentiate the single nodes", async () => {
    expect((await canonical(net("s = Sigmoid(x) y = Mul(x, s)", held), { units: false })).ops).toEqual(["Sigmoid", "Mul"]);
  });

  test("a long ladder of sums is looked through in no time", async () => {
    const rungs = Array.from({ length: 40 }, (_, i) => `v${i + 1} = Add(v${i}, v${i})`).join(" ");
    const started = performance.now();
    await canonical(net(`v0 = Tanh(x) ${rungs} y = Mul(v40, v39)`, held));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe("Reshape", () => {
  test("copies the size of a batch it keeps, and leaves one it does not", async () => {
    const text = `net (float[N,2,3] x) => (float[] y, float[] z) <int64[2] flat = {-1,6}, int64[2] mixed = {-1,4}, int64[1] rest = {-1}> {
      a = Reshape(x, flat) s = Shape <end=1> (x) c = Concat <axis=0> (s, rest) b = Reshape(a, c) y = Relu(b)
      d = Concat <axis=1> (x, x) z = Reshape(d, mixed) }`;
    const found = await tracedModel(text);
    const { graph } = canonize(found.graph, found.ownFacts());
    const shapes = graph.nodes.flatMap((node) => (node.opType === "Reshape" ? [graph.initializers.get(node.input[1]!)!] : []));
    expect(shapes.map((tensor) => Array.from(readInts(tensor)))).toEqual([
      [0, 6],
      [0, 6],
      [-1, 4],
    ]);
    expect(graph.nodes.map((node) => node.opType)).not.toContain("Shape");
  });
});

describe("a Pad by −∞ before a MaxPool", () => {
  const held = (fill: string, widths = "{0,0,1,0,0,0,1,1}") => `int64[8] p = ${widths}, float f = {${fill}}`;
  const pooled = "q = Pad(x, p, f) y = MaxPool <kernel_shape=[3,3], strides=[2,2]> (q)";
  test("becomes the pool's own, and nothing infinite meets a zero", async () => {
    const text = net(pooled, held("-inf"));
    expect((await canonical(text)).ops).toEqual(["MaxPool"]);
    const feeds: Feeds = { x: noise([2, 4, 4, 4], 3, 2) };
    const { out, relevance } = await explain(
      text,
      feeds,
      { recipe: { method: "gradient", seed: "vector" } },
      { seed: noise([2, 4, 2, 2], 8) },
    );
    expectClose(numbers(out.y), numbers((await runModel(text, feeds)).y), 1e-6);
    const own = net("y = MaxPool <kernel_shape=[3,3], strides=[2,2], pads=[1,0,1,1]> (x)", "float u = {0}");
    const plain = await explain(own, feeds, { recipe: { method: "gradient", seed: "vector" } }, { seed: noise([2, 4, 2, 2], 8) });
    expectClose(relevance, plain.relevance, 1e-6);
  });
  test.each([
    ["by zeros", pooled, held("0"), "it pads by a number"],
    ["of channels", pooled, held("-inf", "{0,1,0,0,0,0,0,0}"), "it pads the batch or the channels"],
    [
      "read twice",
      `${pooled.replace("y =", "m =")} r = GlobalMaxPool(q) y = Add(m, r)`,
      held("-inf"),
      "the padded value is used elsewhere",
    ],
  ])("%s stays", async (_, nodes, constants, reason) => {
    const { ops, reasons } = await canonical(net(nodes, constants));
    expect(ops).toContain("Pad");
    expect(reasons.join("\n")).toContain(reason);
  });
});

describe("normalizations and softmax spelled out", () => {
  const held = "float two = {2}, float eps = {0.001}, int64[1] last = {-1}, int64[2] both = {2,3}";
  test.each([
    ["L2 normalization", "n = ReduceL2 <axes=[1]> (x) y = Div(x, n)", "Normalization"],
    [
      "by a reciprocal power",
      "q = Pow(x, two) v = ReduceMean <axes=[1]> (q) e = Add(v, eps) s = Sqrt(e) i = Reciprocal(s) y = Mul(i, x)",
      "Normalization",
    ],
    ["softmax", "e = Exp(x) s = ReduceSum(e, last) y = Div(e, s)", "Softmax"],
  ])("%s", async (_, nodes, op) => {
    expect((await canonical(net(nodes, held))).ops).toEqual([op]);
  });
  test.each([
    ["a quotient of two values", "a = Tanh(x) b = Exp(x) y = Div(a, b)", "no function of its numerator through a reduction"],
    [
      "a scale that is read elsewhere",
      "n = ReduceL2 <axes=[1]> (x) d = Div(x, n) y = Add(d, n)",
      "inside the pattern is used elsewhere",
    ],
    ["a softmax over two axes", "e = Exp(x) s = ReduceSum(e, both) y = Div(e, s)", "it is no sum along one axis"],
  ])("%s is none", async (_, nodes, reason) => {
    const { ops, reasons } = await canonical(net(nodes, held));
    expect(ops).not.toContain("Softmax");
    expect(reasons.join("\n")).toContain(reason);
  });
});

describe("the bias of a layer, by shape", () => {
  const text = (nodes: string, held: string, dims = "N,3,4") =>
    `net (float[${dims}] x) => (float[] y) <${held}> { ${nodes} y = Add(z, b) }`;
  test.each([
    ["one number", "z = MatMul(x, w)", "float[4,5] w = random(1), float b = {0.5}", "the addend is one number for all"],
    ["a shape of ones", "z = MatMul(x, w)", "float[4,5] w = random(1), float[1,1] b = {0.5}", "the addend is one number for all"],
    ["a row for each token", "z = MatMul(x, w)", "float[4,5] w = random(1), float[3,1] b = random(2)", "varies along axis 1"],
    ["along what is kept", "z = MatMul(w, x)", "float[5,3] w = random(1), float[4] b = random(2)", "varies along axis 2"],
    ["of a vector", "z = MatMul(x, w)", "float[4] w = random(1), float[1] b = {0.5}", "the addend is one number for all"],
    [
      "along positions of a convolution",
      "z = Conv(x, w)",
      "float[5,3,1] w = random(1), float[4] b = random(2)",
      "varies along axis 2",
    ],
    [
      "along what both operands share",
      'z = Einsum <equation="bij,kj->bik"> (x, w)',
      "float[5,4] w = random(1), float[3,5] b = random(2)",
      "varies along axis 1",
    ],
  ])("%s stays an addend", async (_, nodes, held, reason) => {
    const { ops, reasons } = await canonical(text(nodes, held));
    expect(ops).toContain("Add");
    expect(reasons.join("\n")).toContain(reason);
  });

  test.each(["zplus", "gamma", "epsilon", "epsilon-alpha2-beta1"])(
    "a vector of weights and a bias under %s",
    async (composite) => {
      const net = `net (float[N,6] x) => (float[N,1] y) <float[6] w = random(1), float[1] b = {-0.1}, int64[2] s = {-1, 1}> { c = MatMul(x, w) d = Add(c, b) y = Reshape(d, s) }`;
      const x = noise([3, 6], 4, 2);
      const { out, compiled, relevance } = await explain(
        net,
        { x },
        { recipe: { composite, seed: "one" }, target: { kind: "index", index: [1] } },
      );
      expect(out[Object.values(compiled.names.relevance)[0]!]!.dims).toEqual([3, 6]);
      const w = numbers(
        (
          await runModel(net.replace("MatMul(x, w)", "Mul(x, w)").replace("d = Add(c, b) y = Reshape(d, s)", "y = Identity(c)"), {
            x,
          })
        ).y,
      );
      // x ⊙ w, all of either sign
      const want = [0, 1, 2].flatMap((n) => {
        const row = w.slice(6 * n, 6 * n + 6);
        const z = row.reduce((a, v) => a + v, 0);
        const total = (keep: (v: number) => boolean) => row.filter(keep).reduce((a, v) => a + v, 0);
        const up = total((v) => v > 0);
        return row.map((v) => {
          if (composite === "epsilon") return v / z;
          if (composite === "zplus") return v > 0 ? v / up : 0;
          if (composite === "epsilon-alpha2-beta1") return v / z; // a dense layer has ε there
          const favoured = (c: number) => c + (Math.sign(c) === Math.sign(z) ? 0.25 * c : 0);
          return favoured(v) / row.map(favoured).reduce((a, c) => a + c, 0);
        });
      });
      expectClose(relevance, want, 1e-4);
    },
  );
});

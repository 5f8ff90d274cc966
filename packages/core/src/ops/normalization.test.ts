/** Normalizations and norms: the derivative against central differences; with the scale held fixed, that of the map it leaves. */
import { describe, expect, test } from "vitest";
import { expectClose, relativeError } from "../../test/support/compare.ts";
import { size } from "../../test/support/layers.ts";
import { runRole } from "../../test/support/roles.ts";
import { explain, type Feeds, floats, noise, numbers, runModel } from "../../test/support/run.ts";
import { checkDerivative, feedsOf, net, vjpOf } from "../../test/support/vjp.ts";
import type { Recipe } from "../plan/index.ts";

const W = (n: number) => `float[${n}] w = random(7), float[${n}] b = random(8)`;

/** Name, input, node, initializers, opset. */
const CASES: readonly (readonly [string, string, string, string?, number?])[] = [
  ["LayerNormalization", "float[2,3,5] x", "z = LayerNormalization(x, w, b)", W(5)],
  ["LayerNormalization, ε", "float[2,3,5] x", "z = LayerNormalization <epsilon=0.5> (x, w)", W(5)],
  ["LayerNormalization over two axes", "float[2,3,4] x", "z = LayerNormalization <axis=1> (x, w)", "float[3,4] w = random(7)"],
  ["RMSNormalization", "float[2,3,5] x", "z = RMSNormalization <epsilon=0.1> (x, w)", W(5), 23],
  ["InstanceNormalization", "float[2,3,2,4] x", "z = InstanceNormalization <epsilon=0.01> (x, w, b)", W(3)],
  ["InstanceNormalization 1-d", "float[2,3,5] x", "z = InstanceNormalization(x, w, b)", W(3)],
  ["GroupNormalization per group", "float[2,6,2,3] x", "z = GroupNormalization <num_groups=3> (x, w, b)", W(3), 18],
  [
    "GroupNormalization per channel",
    "float[2,6,2,3] x",
    "z = GroupNormalization <num_groups=3, epsilon=0.1> (x, w, b)",
    W(6),
    21,
  ],
  ["MeanVarianceNormalization", "float[2,3,2,3] x", "z = MeanVarianceNormalization(x)"],
  ["MeanVarianceNormalization, axes", "float[2,3,4] x", "z = MeanVarianceNormalization <axes=[1,-1]> (x)"],
  ["LpNormalization", "float[2,3,4] x", "z = LpNormalization <axis=1> (x)"],
  ["LpNormalization p=1", "float[2,3,4] x", "z = LpNormalization <p=1> (x)"],
  ["LRN", "float[2,5,2,3] x", "z = LRN <size=3, alpha=0.7, beta=0.6, bias=1.5> (x)"],
  ["LRN, all channels", "float[1,3,2,2] x", "z = LRN <size=5, alpha=0.9> (x)"],
  ["ReduceL1", "float[2,3,4] x", "z = ReduceL1 <axes=[-1]> (x)"],
  ["ReduceL2", "float[2,3,4] x", "z = ReduceL2 <axes=[1,2], keepdims=0> (x)"],
  ["ReduceL2 all", "float[2,3,4] x", "z = ReduceL2(x)"],
  ["ReduceL2, axes as input", "float[2,3,4] x", "z = ReduceL2 <keepdims=0> (x, axes)", "int64[1] axes = {1}", 18],
  ["ReduceSumSquare", "float[2,3,4] x", "z = ReduceSumSquare <axes=[0]> (x)"],
  ["ReduceLogSum", "float[2,3,4] x", "a = Exp(x) z = ReduceLogSum <axes=[1]> (a)"],
  ["ReduceLogSumExp", "float[2,3,4] x", "z = ReduceLogSumExp <axes=[-1], keepdims=0> (x)"],
  ["ReduceProd", "float[2,4] x", "z = ReduceProd <axes=[1], keepdims=0> (x)"],
  ["LpPool", "float[1,2,4,5] x", "z = LpPool <kernel_shape=[2,2], strides=[2,1]> (x)"],
  ["LpPool p=3, padded", "float[1,2,5] x", "z = LpPool <kernel_shape=[3], strides=[2], pads=[1,1], p=3> (x)"],
  ["LpPool p=1, overlapping", "float[1,2,5] x", "z = LpPool <kernel_shape=[2], p=1> (x)"],
  ["GlobalLpPool", "float[2,3,2,2] x", "z = GlobalLpPool <p=3> (x)"],
];
/** Away from 0, where |x| has a kink. */
const apart = (dims: readonly number[], seed: number) =>
  floats(
    dims,
    numbers(noise(dims, seed, 3)).map((v) => v + Math.sign(v) * 0.2),
  );

/** The operator's input and output, and what its role makes of a seed with the scale held fixed. */
const detachedOf = async (text: string, feeds: Feeds) => {
  const seed = noise((await runModel(text, feeds)).y!.dims, 5);
  const values = await runRole(text, feeds, (site, role) => {
    if (role.kind !== "normalization") throw new Error(`it is a ${role.kind}`);
    const back = role.detached(site, site.g.floats(seed.data as Float32Array, seed.dims));
    return { x: site.node.input[0]!, z: "z", back };
  });
  return { ...values, seed: numbers(seed) };
};
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((total, v, i) => total + v * b[i]!, 0);

describe.each(CASES.map((it) => [it[0], it] as const))("%s", (name, [, inputs, nodes, held, opset]) => {
  const text = net(inputs, nodes, held, opset);
  test("the derivative", async () => {
    await checkDerivative(text, feedsOf(inputs, apart), { tolerance: 1e-4 });
  });
  test.skipIf(name === "ReduceLogSumExp")("with the scale held fixed the map is linear: ⟨x, Aᵀs⟩ = ⟨A x, s⟩", async () => {
    const feeds = feedsOf(inputs, apart);
    const { x, z, seed, back } = await detachedOf(text, feeds);
    const dims = feeds.x!.dims;
    const nothing = { x: floats(dims, new Float32Array(size(dims))) };
    const bias = held?.includes(" b =") ? numbers((await runModel(text, nothing)).y) : z.map(() => 0);
    expectClose([dot(x, back)], [dot(z, seed) - dot(bias, seed)], 1e-4);
  });
});

test("zeros: no 0/0 in a norm, and a product's derivative looks at the others", async () => {
  const nothing = { x: floats([1, 3], [0, 0, 0]) };
  for (const op of ["ReduceL2", "ReduceL1", "ReduceSumSquare"])
    expectClose((await vjpOf(net("float[1,3] x", `z = ${op} <axes=[1]> (x)`), nothing)).gradients.x!, [0, 0, 0]);
  const products = async (x: number[]) => {
    const { seed, gradients } = await vjpOf(net("float[1,3] x", "z = ReduceProd <axes=[1]> (x)"), { x: floats([1, 3], x) });
    return gradients.x!.map((v) => v / seed[0]!);
  };
  expectClose(await products([2, 0, -3]), [0, -6, 0]);
  expectClose(await products([2, 0, 0]), [0, 0, 0]);
  expectClose(await products([2, -1, -3]), [3, -6, -2]);
});

test("statistics of a normalization have no relevance", async () => {
  const text = net("float[2,3] x", "h, m, i = LayerNormalization(x, w) z = Mul(h, i)", W(3));
  await expect(vjpOf(text, { x: noise([2, 3], 1) })).rejects.toThrow(/statistics of a normalization/);
});

// Values so small that ε is as large as their variance.
describe.each([
  ["BatchNormalization", "x, w, b, b, v", "float[3] v = {0.00001, 0.00003, 0.000002}", 17],
  ["InstanceNormalization", "x, w, b", "", 17],
  ["GroupNormalization", "x, w, b", "", 21],
  ["LayerNormalization", "x, l", "float[4] l = random(9)", 17],
  ["RMSNormalization", "x, l", "float[4] l = random(9)", 23],
] as const)("%s without an ε", (op, inputs, held, opset) => {
  const groups = op === "GroupNormalization" ? ["num_groups=1"] : [];
  const text = (epsilon: readonly string[]) => {
    const attributes = [...groups, ...epsilon];
    const call = `${op}${attributes.length > 0 ? ` <${attributes}>` : ""}`;
    return `<ir_version: 9, opset_import: ["" : ${opset}]> net (float[N,3,2,4] x) => (float[N,2] y)
      <${W(3)}, float[5,3,1,1] k = random(1), float[40,2] d = random(2)${held && `, ${held}`}> {
      z = ${call} (${inputs}) c = Conv(z, k) r = Relu(c) f = Flatten(r) y = Gemm(f, d) }`;
  };
  const feeds = { x: noise([2, 3, 2, 4], 3, 0.006) };
  // Under AttnLRP a normalization's output is what float64 makes of it.
  test.each(["gradient", "lrp", "attnlrp"] as const)("has ONNX's, 1e-5 (%s)", async (method) => {
    const recipe: Recipe = { method, ...(method === "lrp" && { composite: "epsilon", params: { batchnorm: "layer" } }) };
    const [left, said, other] = await Promise.all(
      [[], ["epsilon=0.00001"], ["epsilon=0.0001"]].map((epsilon) => explain(text(epsilon), feeds, { recipe })),
    );
    expect(left!.relevance).toEqual(said!.relevance);
    expect(relativeError(other!.relevance, said!.relevance)).toBeGreaterThan(0.01);
  });
});

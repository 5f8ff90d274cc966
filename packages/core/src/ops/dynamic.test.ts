/** Sizes that stay free: an artefact compiled once serves other batches and sizes, with the numbers of one compiled for each. */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/compare.ts";
import { explain, model, noise, numbers, sessionOf, traced } from "../../test/support/run.ts";
import { compileModel } from "../compile/index.ts";
import { TracedModel } from "../graph/traced-model.ts";

type Case = readonly [name: string, nodes: string, held?: string];
const NODES: readonly Case[] = [
  ["Conv", "h = Conv <pads=[1,1,1,1]> (x, w)", "float[4,3,3,3] w = random(1)"],
  ["Conv strided", "h = Conv <strides=[2,2], pads=[1,1,1,1]> (x, w)", "float[4,3,3,3] w = random(1)"],
  ["Conv strided by 3, dilated", "h = Conv <strides=[3,2], dilations=[1,2]> (x, w)", "float[4,3,2,2] w = random(1)"],
  ["ConvTranspose SAME", 'h = ConvTranspose <strides=[2,3], auto_pad="SAME_LOWER"> (x, w)', "float[3,4,4,2] w = random(1)"],
  ["ConvTranspose", "h = ConvTranspose <strides=[2,2], pads=[0,1,0,1]> (x, w)", "float[3,4,3,3] w = random(1)"],
  ["AveragePool", "h = AveragePool <kernel_shape=[2,2], strides=[2,2]> (x)"],
  ["AveragePool padded", "h = AveragePool <kernel_shape=[3,3], strides=[2,2], pads=[1,1,1,1]> (x)"],
  ["ReduceMean", "h = ReduceMean <axes=[2]> (x)"],
  ["Concat along a free axis", "h = Concat <axis=2> (x, x)"],
  [
    "Transpose and Flatten",
    "t = Transpose <perm=[0,2,3,1]> (x) u = Reshape(t, s) m = MatMul(u, w) h = Relu(m)",
    "int64[3] s = {0,-1,3}, float[3,4] w = random(2)",
  ],
  [
    "DepthToSpace and back",
    "t = ConvTranspose(x, w) d = DepthToSpace <blocksize=2> (t) h = SpaceToDepth <blocksize=2> (d)",
    "float[3,4,1,1] w = random(2)",
  ],
  ["DepthToSpace CRD", 't = ConvTranspose(x, w) h = DepthToSpace <blocksize=2, mode="CRD"> (t)', "float[3,8,1,1] w = random(2)"],
  ["Softmax over a free axis", "s = Softmax <axis=2> (x) h = Mul(s, x)"],
  ["Pad and crop", "p = Pad(x, n) h = Relu(p)", "int64[8] n = {0,0,1,-1,0,0,2,-1}"],
  ["ReduceMax", "h = ReduceMax <axes=[2,3]> (x)"],
  ["Expand from a shape", "m = GlobalAveragePool(x) s = Shape(x) e = Expand(m, s) h = Mul(e, x)"],
  ["Max with a constant", "h = Max(x, c)", "float[1] c = {0.1}"],
];

/** Their rules are those of their kinds: the gradient tells whether sizes stay free. */
const GRADIENTS: readonly Case[] = [
  [
    "Slice of a free axis",
    "h = Slice(x, one, end, axes)",
    "int64[2] one = {1,-4}, int64[2] end = {-1,9223372036854775807}, int64[2] axes = {2,3}",
  ],
  [
    "Slice with steps along a free axis",
    "h = Slice(x, one, end, axes, steps)",
    "int64[2] one = {-1,0}, int64[2] end = {-9223372036854775808,-1}, int64[2] axes = {3,2}, int64[2] steps = {-2,2}",
  ],
  [
    "Slice to half of a free axis",
    "s = Shape <start=3, end=4> (x) e = Div(s, two) h = Slice(x, e, s, axes)",
    "int64[1] two = {2}, int64[1] axes = {3}",
  ],
  ["Gather along a free axis", "h = Gather <axis=3> (x, i)", "int64[3] i = {-1,2,-1}"],
  ["Gather, the last of a free axis", "h = Gather <axis=2> (x, i)", "int64 i = {-1}"],
  ["GatherElements", "i = ArgMax <axis=3> (x) h = GatherElements <axis=3> (x, i)"],
  [
    "GatherND in batches",
    "i = ArgMax <axis=2> (x) s = Transpose <perm=[0,1,3,2]> (i) t = Transpose <perm=[0,1,3,2]> (x) h = GatherND <batch_dims=3> (t, s)",
  ],
  ["TopK along a free axis", "h, i = TopK <axis=3> (x, k)", "int64[1] k = {3}"],
  ["Pad, reflected, a free axis", 'h = Pad <mode="reflect"> (x, n)', "int64[8] n = {0,0,1,2,0,0,2,1}"],
  [
    "Pad by computed widths",
    "s = Shape <start=3, end=4> (x) z = Sub(s, s) n = Concat <axis=0> (z, z, z, s, z, z, s, z) h = Pad(x, n)",
  ],
  ["Tile by computed repeats", "s = Shape(x) o = Div(s, s) n = Mul(o, t) h = Tile(x, n)", "int64[4] t = {1,2,3,1}"],
  ["Resize nearest", 'h = Resize <mode="nearest"> (x, "", k)', "float[4] k = {1,1,2,3}"],
  ["Resize linear", 'h = Resize <mode="linear"> (x, "", k)', "float[4] k = {1,1,1.5,0.5}"],
  [
    "Resize to twice the size",
    's = Shape(x) n = Mul(s, t) h = Resize <mode="linear", coordinate_transformation_mode="asymmetric"> (x, "", "", n)',
    "int64[4] t = {1,1,2,2}",
  ],
  ["CumSum along a free axis", "h = CumSum(x, axis)", "int64 axis = {2}"],
  ["Where", "c = Greater(x, half) n = Neg(x) h = Where(c, x, n)", "float half = {0.3}"],
  ["Trilu", "h = Trilu(x)"],
  ["MatMul of two values", "t = Transpose <perm=[0,1,3,2]> (x) h = MatMul(x, t)"],
  ["Einsum of two values", 'h = Einsum <equation="nchw,nchv->nwv"> (x, x)'],
  ["Einsum, sums", 'h = Einsum <equation="nchw->nh"> (x)'],
  ["Einsum with a constant", 'h = Einsum <equation="nchw,cd->nhdw"> (x, w)', "float[3,5] w = random(2)"],
  [
    "Conv by a computed kernel",
    "m = ReduceMean <axes=[0]> (x) k = Slice(m, zero, three, hw) h = Conv(x, k)",
    "int64[2] zero = {0,0}, int64[2] three = {3,3}, int64[2] hw = {2,3}",
  ],
  ["LayerNormalization", "t = Transpose <perm=[0,2,3,1]> (x) h = LayerNormalization(t, w)", "float[3] w = {1,-2,3}"],
  ["InstanceNormalization", "h = InstanceNormalization(x, w, b)", "float[3] w = {1,-2,3}, float[3] b = {0,1,2}"],
  ["LpNormalization along a free axis", "h = LpNormalization <axis=2> (x)"],
  ["ReduceL2", "h = ReduceL2 <axes=[2]> (x)"],
  ["ReduceLogSumExp", "h = ReduceLogSumExp <axes=[2,3]> (x)"],
  ["LpPool", "h = LpPool <kernel_shape=[2,2], strides=[2,2]> (x)"],
];

const net = (nodes: string, held: string | undefined, sizes: string): string =>
  `net (float[${sizes}] x) => (float[${sizes.split(",")[0]},2] y) <float[2] head = {1,-2}, int64[2] row = {0,-1}${held ? `, ${held}` : ""}> {
    ${nodes} a = Abs(h) f = Flatten(a) r = ReduceMean <axes=[1]> (f) y = Mul(r, head) }`;

/** Compiled once with free sizes, it gives at each size what an artefact compiled for that size gives. */
const staysFree = async (nodes: string, held: string | undefined, name: string, sizes: readonly (readonly number[])[]) => {
  const recipe = name === "gradient" ? { method: "gradient" } : { composite: { name } };
  const free = net(nodes, held, "N,3,H,W");
  const facts = await traced(free, { dims: { H: 8, W: 10 } });
  expect(facts.notices).toEqual([]);
  expect(facts.shapes.get("x")).toEqual([null, 3, null, null]);
  const { model: artefact } = compileModel(new TracedModel(model(free), facts), recipe);
  await using session = await sessionOf(artefact);
  for (const dims of sizes) {
    const x = noise(dims, 7);
    const { relevance } = await explain(net(nodes, held, dims.join()), { x }, { recipe });
    expectClose(numbers((await session.run({ x })).relevance), relevance, 1e-6, dims.join("×"));
  }
};

describe.each(NODES.map((it) => [it[0], it] as const))("%s", (_, [, nodes, held]) => {
  test.each(["gradient", "epsilon", "zplus"])("%s", async (name) => {
    await staysFree(nodes, held, name, [
      [1, 3, 8, 10],
      [2, 3, 11, 7],
      [3, 3, 6, 6],
    ]);
  });
});

test.each(GRADIENTS.map((it) => [it[0], it] as const))("%s", async (_, [, nodes, held]) => {
  await staysFree(nodes, held, "gradient", [[2, 3, 11, 7]]);
});

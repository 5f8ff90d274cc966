/** Sizes that stay free: an artefact compiled once serves other batches and sizes, with the numbers of one compiled for each. */
import { describe, expect, test } from "vitest";
import { compileModel } from "../../src/compile.ts";
import { expectClose } from "../support/compare.ts";
import { explain, model, noise, numbers, runModel, traced } from "../support/run.ts";

const NODES: readonly (readonly [string, string, string?])[] = [
  ["Conv", "h = Conv <pads=[1,1,1,1]> (x, w)", "float[4,3,3,3] w = random(1)"],
  ["Conv strided", "h = Conv <strides=[2,2], pads=[1,1,1,1]> (x, w)", "float[4,3,3,3] w = random(1)"],
  ["Conv strided by 3, dilated", "h = Conv <strides=[3,2], dilations=[1,2]> (x, w)", "float[4,3,2,2] w = random(1)"],
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

describe.each(NODES)("%s", (_, nodes, held) => {
  const text = (
    sizes: string,
  ) => `net (float[${sizes}] x) => (float[${sizes.split(",")[0]},2] y) <float[2] head = {1,-2}, int64[2] row = {0,-1}${held ? `, ${held}` : ""}> {
    ${nodes} a = Abs(h) f = Flatten(a) r = ReduceMean <axes=[1]> (f) y = Mul(r, head) }`;
  test.each(["gradient", "epsilon", "zplus"])("%s", async (name) => {
    const recipe = name === "gradient" ? { method: "gradient" } : { composite: { name } };
    const free = text("N,3,H,W");
    const facts = await traced(free, { dims: { H: 8, W: 10 } });
    expect(facts.notices).toEqual([]);
    expect(facts.shapes.get("x")).toEqual([null, 3, null, null]);
    const { model: artefact } = compileModel(model(free), facts, recipe);
    for (const dims of [
      [1, 3, 8, 10],
      [2, 3, 11, 7],
      [3, 3, 6, 6],
    ]) {
      const x = noise(dims, 7);
      const { relevance } = await explain(text(dims.join()), { x }, { recipe });
      expectClose(numbers((await runModel(artefact, { x })).relevance), relevance, 1e-6, dims.join("×"));
    }
  });
});

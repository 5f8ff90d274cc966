/** The two verbs of a linear role against each other: ⟨apply(x), s⟩ = Σ ⟨x, adjoint(s)⟩, for inputs and weights that are not the node's own. */
import { describe, test } from "vitest";
import { expectClose } from "../../test/support/compare.ts";
import { size } from "../../test/support/layers.ts";
import { runRole } from "../../test/support/roles.ts";
import { noise, numbers, runModel } from "../../test/support/run.ts";
import { feedsOf, net } from "../../test/support/vjp.ts";
import { isLinear } from "./index.ts";

const LINEAR: readonly (readonly [name: string, inputs: string, nodes: string, held?: string, opset?: number])[] = [
  ["MatMul", "float[2,3,4] x", "z = MatMul(x, w)", "float[4,5] w = random(1)"],
  ["MatMul, a constant left", "float[2,3,4] x", "z = MatMul(w, x)", "float[5,3] w = random(1)"],
  ["Gemm", "float[3,2] x", "z = Gemm <transA=1, transB=1> (x, w)", "float[5,3] w = random(1)"],
  ["Gemm, a constant left", "float[5,3] x", "z = Gemm <transB=1> (w, x)", "float[2,3] w = random(1)"],
  [
    "Gemm with a computed addend",
    "float[2,3] x, float[5] c",
    "z = Gemm <alpha=0.5, beta=2.0> (x, w, c)",
    "float[3,5] w = random(1)",
  ],
  ["Conv", "float[2,2,5,5] x", "z = Conv <strides=[2,1], pads=[1,0,1,1]> (x, w)", "float[3,2,3,2] w = random(1)"],
  ["Conv of a constant", "float[4,2,2,3] x", "z = Conv <group=2, strides=[2,2]> (w, x)", "float[1,4,5,6] w = random(1)"],
  ["Conv with a computed bias", "float[2,2,4,4] x, float[3] c", "z = Conv(x, w, c)", "float[3,2,3,3] w = random(1)"],
  ["ConvTranspose", "float[1,4,3,3] x", "z = ConvTranspose <strides=[2,2], group=2> (x, w)", "float[4,3,3,2] w = random(1)"],
  ["ConvTranspose of a constant", "float[2,3,3,2] x", "z = ConvTranspose <strides=[2,2]> (w, x)", "float[1,2,3,3] w = random(1)"],
  ["Einsum", "float[2,3,4] x", 'z = Einsum <equation="bij,kj->bki"> (x, w)', "float[5,4] w = random(1)"],
  ["Einsum, summed", "float[2,3,3] x", 'z = Einsum <equation="bii->b"> (x)'],
  [
    "Einsum with two constants",
    "float[2,3] x",
    'z = Einsum <equation="i,bi,ik->bk"> (u, x, w)',
    "float[3] u = random(2), float[3,4] w = random(1)",
  ],
  ["AveragePool", "float[1,2,5,5] x", "z = AveragePool <kernel_shape=[3,2], strides=[2,2], pads=[1,0,1,1]> (x)"],
  ["GlobalAveragePool", "float[2,3,2,2] x", "z = GlobalAveragePool(x)"],
  ["ReduceMean", "float[2,3,4] x", "z = ReduceMean <axes=[1], keepdims=0> (x)"],
  ["ReduceSum", "float[2,3,4] x", "z = ReduceSum(x, axes)", "int64[2] axes = {0,-1}"],
  ["Resize", "float[1,2,3,4] x", 'z = Resize <mode="linear"> (x, "", s)', "float[4] s = {1,1,1.7,0.5}"],
  ["Resize cubic", "float[1,1,4,5] x", 'z = Resize <mode="cubic"> (x, "", s)', "float[4] s = {1,1,1.7,1.5}"],
  ["GridSample", "float[1,2,3,4] x", "z = GridSample(x, w)", "float[1,2,2,2] w = random(1)"],
  ["DFT of real numbers", "float[2,5,1] x", "z = DFT <axis=1> (x)"],
  ["DFT of complex numbers", "float[2,3,4,2] x", "z = DFT <axis=2> (x)"],
  ["DFT one-sided", "float[2,6,1] x", "z = DFT <axis=1, onesided=1> (x)"],
  ["DFT inverse", "float[2,5,2] x", "z = DFT <axis=1, inverse=1> (x)"],
  ["DFT of opset 20", "float[2,4,3,2] x", 'z = DFT(x, "", axis)', "int64 axis = {-3}", 20],
  ["STFT", "float[2,20,1] x", "z = STFT(x, step, window)", "int64 step = {6}, float[8] window = random(2)"],
  [
    "RoiAlign",
    "float[2,2,5,6] x",
    "z = RoiAlign <output_height=2, output_width=2, sampling_ratio=1> (x, boxes, batch)",
    "float[3,4] boxes = {0, 0, 3, 3, 1, 2, 6, 5, 2, 2, 2.5, 9}, int64[3] batch = {1, 0, 0}",
  ],
  ["CumSum", "float[2,4] x", "z = CumSum <exclusive=1> (x, axis)", "int64 axis = {1}"],
  ["Add", "float[2,3,4] x, float[3,1] c", "z = Add(x, c)"],
  ["Sub", "float[2,3] x, float[2,3] c", "z = Sub(x, c)"],
  ["Sum", "float[2,3] x, float[3] c", "z = Sum(x, c, x)"],
  ["Mean", "float[2,3] x, float[2,1] c", "z = Mean(x, c)"],
  [
    "ScatterElements",
    "float[2,4] x, float[2,2] c",
    'z = ScatterElements <axis=1, reduction="add"> (x, i, c)',
    "int64[2,2] i = {3,3,0,1}",
  ],
  ["ScatterND", "float[4,2] x, float[3,2] c", 'z = ScatterND <reduction="add"> (x, i, c)', "int64[3,1] i = {3,0,3}"],
];

describe.each(LINEAR.map((it) => [it[0], it] as const))("%s", (_, [, inputs, nodes, held, opset]) => {
  test("⟨apply(x), s⟩ = ⟨x, adjoint(s)⟩", async () => {
    const text = net(inputs, nodes, held, opset);
    const feeds = feedsOf(inputs);
    const seed = noise((await runModel(text, feeds)).y!.dims, 3);
    const others: number[][] = [];
    const got = await runRole(text, feeds, ({ g, facts, node }, role) => {
      if (!isLinear(role)) throw new Error(`it is a ${role.kind}`);
      const site = { g, facts, node };
      const random = (name: string, k: number) => {
        const dims = facts.shapeOf(name) as number[];
        return noise(dims, 40 + k);
      };
      const x = role.inputs.map((i) => random(node.input[i]!, i));
      others.push(...x.map(numbers));
      const name = (tensor: (typeof x)[number]) => g.floats(tensor.data as Float32Array, tensor.dims);
      const weight = role.weight === undefined ? undefined : name(random(role.weight, 9));
      return {
        y: role.apply(site, x.map(name), weight),
        ...Object.fromEntries(role.inputs.map((i, k) => [`${k}`, role.adjoint(site, name(seed), i, weight)])),
      } as Record<string, string>;
    });
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((total, v, i) => total + v * b[i]!, 0);
    const there = dot(got.y!, numbers(seed));
    const back = others.reduce((total, x, k) => total + dot(x, got[`${k}`]!), 0);
    const scale = Math.sqrt(size([got.y!.length]));
    expectClose([back / scale + 1], [there / scale + 1], 2e-6);
  });
});

/** Products of matrices, of two values or of a value and a constant: vector-Jacobian products against central differences. */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/compare.ts";
import { explain, numbers, runModel } from "../../test/support/run.ts";
import { checkDerivative, feedsOf, net } from "../../test/support/vjp.ts";
import { equationText, parseEquation } from "./equation.ts";

/** Name, inputs, nodes, initializers. */
const PRODUCTS: readonly (readonly [string, string, string, string?])[] = [
  ["MatMul", "float[2,3] x, float[3,4] w", "z = MatMul(x, w)"],
  ["MatMul in batches", "float[2,3,4] x, float[2,4,3] w", "z = MatMul(x, w)"],
  ["MatMul, one matrix for all", "float[2,3,4] x, float[4,2] w", "z = MatMul(x, w)"],
  ["MatMul, batches broadcast", "float[2,1,3,2] x, float[3,2,3] w", "z = MatMul(x, w)"],
  ["MatMul, vector right", "float[2,3] x, float[3] w", "z = MatMul(x, w)"],
  ["MatMul, vector left", "float[3] x, float[2,3,2] w", "z = MatMul(x, w)"],
  ["MatMul, two vectors", "float[3] x, float[3] w", "z = MatMul(x, w)"],
  ["MatMul by itself", "float[3,3] x", "z = MatMul(x, x)"],
  ["Gemm", "float[2,3] x, float[3,4] w", "z = Gemm(x, w)"],
  ["Gemm transA", "float[3,2] x, float[3,4] w, float[4] c", "z = Gemm <transA=1, alpha=0.5, beta=2.0> (x, w, c)"],
  ["Gemm transB", "float[2,3] x, float[4,3] w, float[2,1] c", "z = Gemm <transB=1, alpha=-1.5> (x, w, c)"],
  ["Gemm transA transB", "float[3,2] x, float[4,3] w", "z = Gemm <transA=1, transB=1> (x, w, c)", "float[4] c = random(4)"],
  ["Gemm, a constant left", "float[3,4] w", "z = Gemm <alpha=0.5> (c, w, b)", "float[2,3] c = random(4), float[4] b = random(5)"],
  ["Gemm, a constant left, transposed", "float[4,3] w", "z = Gemm <transA=1, transB=1> (c, w)", "float[3,2] c = random(4)"],
  ["Gemm, computed addend", "float[2,3] x, float[2,4] c", "z = Gemm <beta=-2.0> (x, w, c)", "float[3,4] w = random(4)"],
  ["Gemm, only the addend", "float[4] c", "z = Gemm <beta=-2.0> (v, w, c)", "float[3,4] w = random(4), float[2,3] v = random(5)"],
  ["Conv", "float[2,2,5,4] x, float[3,2,3,2] w", "z = Conv <pads=[1,0,1,1]> (x, w)"],
  [
    "Conv strided, dilated, something left over",
    "float[2,2,8,7] x, float[2,2,2,2] w, float[2] b",
    "z = Conv <strides=[3,2], dilations=[2,1], pads=[0,1,1,0]> (x, w, b)",
  ],
  ["Conv in groups", "float[2,4,4,3] x, float[6,2,2,2] w", "z = Conv <group=2> (x, w)"],
  ["Conv depthwise, strided", "float[2,3,7] x, float[3,1,3] w", "z = Conv <group=3, strides=[2], pads=[1,1]> (x, w)"],
  ["Conv 3-d", "float[1,2,3,3,4] x, float[2,2,2,1,3] w", "z = Conv <pads=[1,0,0,0,0,1]> (x, w)"],
  [
    "Conv of a constant",
    "float[2,2,3,3] w",
    "z = Conv <strides=[2,2]> (c, w, b)",
    "float[1,2,6,5] c = random(4), float[2] b = random(5)",
  ],
  ["Conv, computed bias", "float[1,2,4,4] x, float[2] b", "z = Conv(x, w, b)", "float[2,2,3,3] w = random(4)"],
  ["ConvTranspose", "float[2,2,3,3] x, float[2,3,2,3] w", "z = ConvTranspose(x, w)"],
  [
    "ConvTranspose strided, padded",
    "float[1,4,3,3] x, float[4,2,3,3] w, float[4] b",
    "z = ConvTranspose <group=2, strides=[2,3], pads=[1,0,1,1], output_padding=[1,0]> (x, w, b)",
  ],
  ["ConvTranspose of a constant", "float[2,3,2,2] w", "z = ConvTranspose <strides=[2,1]> (c, w)", "float[1,2,3,3] c = random(4)"],
  ["Einsum, attention", "float[2,3,2,4] x, float[2,5,2,4] w", 'z = Einsum <equation="bihd,bjhd->bhij"> (x, w)'],
  ["Einsum, outer", "float[2,3] x, float[4] w", 'z = Einsum <equation="bi, j -> jbi"> (x, w)'],
  ["Einsum, element by element", "float[2,3] x, float[2,3] w", 'z = Einsum <equation="bi,bi->bi"> (x, w)'],
  ["Einsum to a number", "float[2,3] x, float[2,3] w", 'z = Einsum <equation="ij,ij->"> (x, w)'],
  ["Einsum, a label of one operand", "float[2,3,4] x, float[3] w", 'z = Einsum <equation="bik,i->b"> (x, w)'],
  ["Einsum, implicit", "float[2,3] x, float[3,4] w", 'z = Einsum <equation="ij,jk"> (x, w)'],
  ["Einsum, ellipsis", "float[2,3,2,4] x, float[2,3,4,2] w", 'z = Einsum <equation="...ij,...jk->...ik"> (x, w)'],
  ["Einsum, ellipsis broadcasts", "float[2,1,2,4] x, float[2,3,4,2] w", 'z = Einsum <equation="...ij,...jk->...ik"> (x, w)'],
  ["Einsum, diagonals", "float[3,2,3] x, float[3,3] w", 'z = Einsum <equation="ibi,ii->b"> (x, w)'],
  ["Einsum of three", "float[2,3] x, float[3,4] w, float[4,2] v", 'z = Einsum <equation="ij,jk,kl->il"> (x, w, v)'],
  ["Einsum with a constant", "float[2,3,4] x", 'z = Einsum <equation="bij,jk->bik"> (x, w)', "float[4,5] w = random(4)"],
  [
    "Einsum, two constants",
    "float[2,3] x",
    'z = Einsum <equation="bi,i,ik->bk"> (x, u, w)',
    "float[3] u = random(3), float[3,4] w = random(4)",
  ],
  ["Einsum, transposed", "float[2,3,4] x", 'z = Einsum <equation="bij->jbi"> (x)'],
  ["Einsum, summed", "float[2,3,4] x", 'z = Einsum <equation="bij->ib"> (x)'],
  ["Einsum, diagonal", "float[3,2,3] x", 'z = Einsum <equation="ibi->bi"> (x)'],
  ["Einsum, trace", "float[2,3,3] x", 'z = Einsum <equation="bii"> (x)'],
];

describe.each(PRODUCTS.map((it) => [it[0], it] as const))("%s", (_, [, inputs, nodes, held]) => {
  test("the derivative", async () => {
    await checkDerivative(net(inputs, nodes, held), feedsOf(inputs));
  });
});

describe("constants: relevance of a layer", () => {
  // ε of a bias-free layer is gradient × input; w² is x-independent: it needs apply with other weights.
  const layers = [
    ["Einsum", "float[2,3,4] x", 'z = Einsum <equation="bij,jk->bik"> (x, w)', "float[4,5] w = random(4)", [2, 3, 5]],
    ["Gemm, a constant left", "float[3,4] x", "z = Gemm(w, x)", "float[2,3] w = random(4)", [2, 4]],
    ["Conv of a constant", "float[2,2,3,3] x", "z = Conv(w, x)", "float[1,2,5,5] w = random(4)", [1, 2, 3, 3]],
    ["ConvTranspose of a constant", "float[2,3,2,2] x", "z = ConvTranspose(w, x)", "float[1,2,3,3] w = random(4)", [1, 3, 4, 4]],
  ] as const;
  test.each(layers)("%s", async (_, inputs, nodes, held) => {
    const feeds = feedsOf(inputs);
    const text = net(inputs, nodes, held);
    const { y } = await runModel(text, feeds);
    const seed = { seed: y! };
    const rules = (name: string) => ({ recipe: { rules: [{ match: {}, rule: { name } }], seed: "vector" as const } });
    const { relevance: epsilon } = await explain(text, feeds, rules("epsilon"), seed);
    const { relevance: gradient } = await explain(
      text,
      feeds,
      { recipe: { method: "gradient-x-input", seed: "vector" } },
      {
        seed: { ...y!, data: new Float32Array(y!.data.length).fill(1) },
      },
    );
    expectClose(epsilon, gradient, 3e-4);
    const { relevance: squares } = await explain(text, feeds, rules("wsquare"), seed);
    const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    expectClose([total(squares)], [total(numbers(y))], 1e-4, "w² hands on all of it");
  });
});

test("equations", () => {
  expect(parseEquation("b i j , b j -> b i", [3, 2])).toEqual({
    inputs: [
      ["b", "i", "j"],
      ["b", "j"],
    ],
    output: ["b", "i"],
  });
  expect(parseEquation("ba", [2]).output).toEqual(["a", "b"]);
  expect(parseEquation("ij,jk", [2, 2]).output).toEqual(["i", "k"]);
  const { inputs, output } = parseEquation("a...,...b", [2, 3]);
  expect(equationText(inputs, output)).toBe("ad,cdb->cdab");
});

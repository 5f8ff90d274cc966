import { expect, test } from "vitest";
import { relativeError } from "../../test/support/compare.ts";
import { explain, noise } from "../../test/support/run.ts";

const C = 16;

/** Two residual blocks below a strided one, whose adjoint repeats a map. */
const net = (batch: string) => `net (float[${batch},${C},8,8] x) => (float[${batch},3] y)
  <float[${C},${C},1,1] a = random(1), float[${C},${C},1,1] b = random(2), float[${C},${C},1,1] c = random(3), float[${C},${C},1,1] d = random(4),
   float[3,${C}] w = random(5)> {
  p = Conv(x, a) q = Relu(p) u = Conv <strides=[2,2]> (q, b) v = Relu(u)
  r = Conv(v, c) s = Add(r, v) t = Relu(s) m = Conv(t, d) n = Add(m, t) o = Relu(n)
  g = GlobalAveragePool(o) f = Flatten(g) y = Gemm <transB=1> (f, w) }`;

const x = noise([2, C, 8, 8], 6);
const gradient = (batch: string) => explain(net(batch), { x }, { recipe: { method: "gradient" } });

test("what the runtime would not know of a repeated map is declared, where the batch has a name", async () => {
  const [named, plain] = [await gradient("N"), await gradient("2")];
  const { node, valueInfo } = named.compiled.model.graph;
  const grown = node.filter(({ opType }) => opType === "Resize").map(({ output }) => output[0]);
  expect(grown).toHaveLength(1);
  expect(valueInfo.map(({ name, type }) => [name, type?.tensorType?.shape])).toEqual([
    [grown[0], [{ param: "N" }, { value: C }, { value: 8 }, { value: 8 }]],
  ]);
  expect(plain.compiled.model.graph.valueInfo).toEqual([]);
  expect(relativeError(named.relevance, plain.relevance)).toBe(0);
});

test("a gradient enters the blocked layout where a block's two branches meet, and stays there", async () => {
  const { graph } = (await gradient("N")).compiled.model;
  const made = new Map(graph.node.map((one) => [one.output[0], one]));
  const sums = graph.node.filter(({ opType, name }) => opType === "Add" && name.startsWith("bl:"));
  // The first sum meets the average's adjoint, which a convolution of ones takes in; the second finds its branch there.
  const ofOnes = sums.map(({ input }) =>
    input.map((name) => made.get(made.get(name)?.input[1] ?? "")?.opType).includes("Expand"),
  );
  expect(ofOnes).toEqual([true, false]);
});

test.each([
  ["3,3", [1, 1, 1, 1], 8, 8],
  ["7,7", [3, 3, 3, 3], 14, 12],
  ["3,2", [0, 0, 1, 1], 9, 8],
] as const)("residues of a picture's few channels are one convolution: kernel %s", async (kernel, pads, height, width) => {
  const picture = noise([2, 3, height, width], 7);
  const strided = (
    sizes: string,
  ) => `net (float[N,3,${sizes}] x) => (float[N,2] y) <float[4,3,${kernel}] k = random(1), float[2,4] w = random(2)> {
    z = Conv <strides=[2,2], pads=[${pads}]> (x, k) h = Relu(z) g = GlobalAveragePool(h) f = Flatten(g) y = Gemm <transB=1> (f, w) }`;
  const of = (sizes: string) => explain(strided(sizes), { x: picture }, { recipe: { composite: "epsilon" } });
  const [fixed, free] = [await of(`${height},${width}`), await of("H,W")];
  const made = fixed.compiled.model.graph.node.filter(({ name }) => name.startsWith("bl:")).map(({ opType }) => opType);
  expect(made.filter((op) => op === "Conv" || op === "DepthToSpace")).toEqual(["Conv", "DepthToSpace"]);
  expect(relativeError(fixed.relevance, free.relevance)).toBeLessThan(1e-5);
});

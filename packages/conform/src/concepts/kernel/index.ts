/** Support vector machines: decompositions of f, the score of the second class. */
import { type Explainer, fail, type Tensor } from "@backlit/core";
import type { Expectation } from "../cases.ts";
import type { Answer, Given } from "./given.ts";

const SECOND = 1;

/** f and a map of it at every row of x. */
const at = async (lit: Explainer, x: Tensor, method: string, output: string | undefined) => {
  const { output: scores, relevance } = await lit.explain(x, { method, target: SECOND, ...(output && { output }) });
  const width = scores.dims[1]!;
  return { f: Array.from({ length: scores.dims[0]! }, (_, n) => Number(scores.data[n * width + SECOND])), map: relevance.data };
};

const list = (data: readonly number[], dims: readonly number[] = [data.length]): Answer => ({
  got: { type: "float64", dims, data: Float64Array.from(data) },
});

export const kernel = async (given: Given, { id }: Expectation): Promise<Answer> => {
  const { it, lit, inputs, feeds } = given;
  const [x] = Object.values(feeds) as [Tensor];
  const [rows, width] = x.dims as [number, number];
  const of = (value: Tensor, method: string) => at(lit, value, method, it.output);
  const zeros: Tensor = { type: "float32", dims: [1, width], data: new Float32Array(width) };
  /** (x − x0) ⊙ ∇f at either of them. */
  const taylor = async (root: Tensor, expanded: Tensor): Promise<number[]> => {
    const { map } = await of(expanded, "gradient");
    const shared = (tensor: { readonly length: number }, k: number) => k % tensor.length; // one point for all rows
    return Array.from(
      { length: rows * width },
      (_, k) => (Number(x.data[k]) - Number(root.data[shared(root.data, k)])) * map[shared(map, k)]!,
    );
  };
  /** Of kernels that are sums over dimensions: what each dimension has with each vector, times its weight, over the vectors. */
  const additive = async (spread: boolean): Promise<number[]> => {
    const bias = spread ? (await of(zeros, "gradient")).f[0]! / width : 0;
    const terms = lit.model.graph.node.find(({ opType }) => opType === "ReduceSum")?.input[0];
    const asked = { method: "gradient-x-input", target: SECOND, ...(it.output && { output: it.output }) };
    const { data, dims } = (await lit.explain(x, { ...asked, ...(terms !== undefined && { explain: terms }) })).relevance;
    const vectors = data.length / (rows * width);
    if (vectors > 1 && dims.at(-1) !== width) throw fail("Unsupported", { what: `'${id}'`, why: `terms are ${dims.join("×")}` });
    return Array.from({ length: rows * width }, (_, k) => {
      const [n, d] = [Math.floor(k / width), k % width];
      let sum = bias;
      for (let i = 0; i < vectors; i++) sum += data[(n * vectors + i) * width + d]!;
      return sum;
    });
  };
  const mean = (): Tensor => ({ ...inputs.mean!, dims: [1, width] });
  const { name } = (it as unknown as { kernel: { name: string } }).kernel;
  const sums = ["linear", "hik", "chi2"].includes(name);
  switch (id) {
    case "decision":
      return list((await of(x, "gradient")).f);
    case "root-value":
      return list((await of(inputs.root!, "gradient")).f);
    case "root": {
      if (name !== "linear") break;
      // f is a line on the way there.
      const ends = inputs["root-ends"]!;
      const [here, there] = [(await of(x, "gradient")).f, (await of(ends, "gradient")).f];
      const share = (n: number) => here[n]! / (here[n]! - there[n]!);
      const point = (k: number) => Number(x.data[k]) + share(Math.floor(k / width)) * (Number(ends.data[k]) - Number(x.data[k]));
      return list(
        Array.from({ length: rows * width }, (_, k) => point(k)),
        x.dims,
      );
    }
    case "gradient":
    case "gradient-x-input":
      return list(Array.from((await of(x, id)).map), x.dims);
    case "taylor-at-root":
      return list(await taylor(inputs.root!, inputs.root!), x.dims);
    case "taylor-at-x":
      return list(await taylor(inputs.root!, x), x.dims);
    case "taylor-at-mean":
      return list(await taylor(mean(), mean()), x.dims);
    case "additive":
      return list(await additive(false), x.dims);
    case "additive-bias-spread":
    case "words":
      return list(await additive(true), x.dims);
    case "bias":
      if (sums) return list((await of(zeros, "gradient")).f);
      break;
  }
  throw fail("Unsupported", { what: `'${id}' of a kernel`, why: "nothing of backlit's gives it" });
};

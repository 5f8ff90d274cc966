/** Support vector machines: decompositions of f, the score of the second class. */
import { fail, type Tensor } from "@backlit/core";
import type { Expectation } from "../../cases.ts";
import type { Answer, Given } from "../given.ts";
import { Asked, list } from "./asked.ts";
import { rootsOf } from "./root.ts";
import { localFeatures, pixels } from "./words.ts";

export const kernel = async (given: Given, { id }: Expectation): Promise<Answer> => {
  const { it, lit, inputs, feeds } = given;
  const [x] = Object.values(feeds) as [Tensor];
  const [rows, width] = x.dims as [number, number];
  const asked = new Asked(lit, it.output);
  const of = (value: Tensor, method: string) => asked.at(value, method);
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
  /** f(x) − f(x0) − Σ (x − x0) ⊙ ∇f. */
  const remainder = async (expanded: Tensor): Promise<number[]> => {
    const [{ f }, { f: f0 }] = [await of(x, "gradient"), await of(inputs.root!, "gradient")];
    const terms = await taylor(inputs.root!, expanded);
    return f.map((value, n) => terms.slice(n * width, (n + 1) * width).reduce((left, r) => left - r, value - f0[n]!));
  };
  /** Of kernels that are sums over dimensions: what each dimension has with each vector, times its weight, over the vectors. */
  const additive = async (spread: boolean): Promise<number[]> => {
    const bias = spread ? (await of(zeros, "gradient")).f[0]! / width : 0;
    const terms = lit.model.graph.node.find(({ opType }) => opType === "ReduceSum")?.input[0];
    const inside = terms !== undefined && { explain: terms };
    const { data, dims } = (await lit.explain(x, { method: "gradient-x-input", ...asked.options, ...inside })).relevance;
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
    case "root":
      return list(await rootsOf(asked, x, inputs["root-ends"]!), x.dims);
    case "gradient":
    case "gradient-x-input":
      return list(Array.from((await of(x, id)).map), x.dims);
    case "taylor-at-root":
      return list(await taylor(inputs.root!, inputs.root!), x.dims);
    case "taylor-at-x":
      return list(await taylor(inputs.root!, x), x.dims);
    case "taylor-at-root-remainder":
      return list(await remainder(inputs.root!));
    case "taylor-at-x-remainder":
      return list(await remainder(x));
    case "taylor-at-mean":
      return list(await taylor(mean(), mean()), x.dims);
    case "additive":
      return list(await additive(false), x.dims);
    case "additive-bias-spread":
    case "words":
      return list(await additive(true), x.dims);
    case "local-features":
      return list(localFeatures(await additive(true), given), inputs.mapping!.dims.slice(0, 2));
    case "pixels": {
      const shown = pixels(localFeatures(await additive(true), given), given);
      return list(shown.data, shown.dims);
    }
    case "bias":
      return list([sums ? (await of(zeros, "gradient")).f[0]! : await asked.bias(zeros)]);
  }
  throw fail("Unsupported", { what: `'${id}' of a kernel`, why: "nothing of backlit's gives it" });
};

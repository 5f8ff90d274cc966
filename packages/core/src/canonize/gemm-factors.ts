/** Gemm's factors belong to its constants: α A·B + β C = A·(αB) + (βC). */
import { getFloat } from "../onnx/attributes.ts";
import type { Rewrite } from "./rewrite.ts";

export const gemmFactors: Rewrite = {
  name: "gemm-factors",
  what: "alpha and beta of Gemm move into its weight and bias",
  match(gemm, view) {
    if (gemm.opType !== "Gemm" || gemm.domain !== "") return undefined;
    const [alpha, beta] = [getFloat(gemm, "alpha", 1), getFloat(gemm, "beta", 1)];
    if (alpha === 1 && beta === 1) return undefined;
    const [a, b, c] = gemm.input;
    const left = view.facts.isConstant(a!);
    if ((!left && !view.facts.isConstant(b!)) || (c && !view.facts.isConstant(c))) return "its operands are not constants";
    const scaled = (name: string, factor: number) => {
      if (factor === 1) return name;
      const product = view.build.scale(name, factor);
      view.facts.add(product, view.facts.shapeOf(name));
      return product;
    };
    const bias = c ? view.facts.numbers(c) : undefined;
    const shift =
      bias &&
      view.constant(
        bias.map((v) => beta * v),
        view.facts.shapeOf(c!) as number[],
      );
    const attribute = gemm.attribute.filter(({ name }) => name !== "alpha" && name !== "beta");
    return {
      remove: [gemm],
      add: [
        {
          ...gemm,
          attribute,
          input: [left ? scaled(a!, alpha) : a!, left ? b! : scaled(b!, alpha), ...(c ? [shift ?? scaled(c, beta)] : [])],
        },
      ],
    };
  },
};

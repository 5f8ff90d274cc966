/** Gemm: Y = A′B′ + C with A′ = A or Aᵀ. MatMul: Y = X·W, or W·X. Adjoints multiply by the transposed weight. */
import type { Facts } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import { attr, getInt } from "../onnx/attributes.ts";
import { type LinearRole, type Op, type Site, unbroadcast } from "./role.ts";

export const Gemm: Op = (node, facts) => {
  const [a, b, c] = node.input as [string, string, string?];
  if (facts.isConstant(a) || !facts.isConstant(b) || (c && !facts.isConstant(c)))
    return "two of its operands are computed from the input";
  const [transA, transB] = [getInt(node, "transA", 0), getInt(node, "transB", 0)];
  const biasPerRow = c !== undefined && c !== "" && facts.rank(c) === 2 && facts.shapeOf(c)[0] !== 1;
  const role: LinearRole = {
    kind: "linear",
    inputs: [0],
    weight: b,
    ...(c && { bias: c }),
    channelAxis: 1,
    ...(transA && { inputAxis: 0 }),
    wholeShape: transA === 1 || biasPerRow,
    apply: ({ g }, [x], w, bias) =>
      g.emit({
        opType: "Gemm",
        domain: "",
        input: [x!, w!, ...(bias ? [bias] : [])],
        attribute: [...(transA ? [attr.int("transA", 1)] : []), ...(transB ? [attr.int("transB", 1)] : [])],
      })[0]!,
    adjoint: ({ g }, s, _, w) =>
      transA
        ? g.op("Gemm", [w!, s], { ...(transB && { transA: 1 }), transB: 1 })
        : g.op("Gemm", [s, w!], transB ? {} : { transB: 1 }),
    vjp: (site, [g]) => role.adjoint(site, g!, 0, b),
  };
  return role;
};

const lastTwo = (rank: number): number[] => Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));

export const MatMul: Op = (node, facts) => {
  const [a, b, bias] = node.input as [string, string, string?];
  const constants = [facts.isConstant(a), facts.isConstant(b)];
  if (constants[0] === constants[1]) return "both factors are computed from the input";
  const left = constants[0]!; // W·x
  const weight = left ? a : b;
  const rank = facts.rank(left ? b : a);
  const unbatched = rank === 1 || (left && rank === 2);
  const role: LinearRole = {
    kind: "linear",
    inputs: [left ? 1 : 0],
    weight,
    ...(bias && { bias }),
    channelAxis: facts.rank(node.output[0]!) - 1,
    ...(unbatched && { inputAxis: 0, wholeShape: true }),
    apply: ({ g }, [x], w, addend) => {
      const product = g.op("MatMul", left ? [w!, x!] : [x!, w!]);
      return addend ? g.add(product, addend) : product;
    },
    adjoint: (site, s, i, w) => matmulAdjoint(site, node, facts, s, i, w!),
    vjp: (site, [g], i) => role.adjoint(site, g!, i, weight),
  };
  return role;
};

/** Of Y = A·B with respect to operand i, the other one being `other`; vectors (rank 1) get their missing axis for the product. */
export const matmulAdjoint = ({ g }: Site, node: GraphNode, facts: Facts, s: string, i: number, other: string): string => {
  const [a, b] = [node.input[0]!, node.input[1]!];
  const [rankA, rankB] = [facts.rank(a), facts.rank(b)];
  const target = i === 0 ? a : b;
  let r = s;
  if (rankB === 1) r = g.op("Unsqueeze", [r, g.ints([-1])]);
  if (rankA === 1) r = g.op("Unsqueeze", [r, g.ints([-2])]);
  const matrix = (name: string, rank: number, axis: number) => (rank === 1 ? g.op("Unsqueeze", [name, g.ints([axis])]) : name);
  const factor = i === 0 ? matrix(other, rankB, 1) : matrix(other, rankA, 0);
  const transposed = g.transpose(factor, lastTwo(Math.max(2, i === 0 ? rankB : rankA)));
  const full = i === 0 ? g.op("MatMul", [r, transposed]) : g.op("MatMul", [transposed, r]);
  const shape = facts.shapeOf(target);
  const out = facts.shapeOf(node.output[0]!);
  const batch = out.slice(0, out.length - (rankA === 1 ? 0 : 1) - (rankB === 1 ? 0 : 1));
  const padded = shape.length === 1 ? (i === 0 ? [1, shape[0]!] : [shape[0]!, 1]) : shape;
  const summed = unbroadcast(g, full, [...batch, ...padded.slice(-2)], padded, target);
  return shape.length === 1 ? g.reshape(summed, shape) : summed;
};

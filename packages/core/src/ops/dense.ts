/**
 * Gemm: Y = αA′B′ + βC with A′ = A or Aᵀ. MatMul: Y = A·B. With one factor a constant they are layers, of two values they are
 * bilinear; the adjoint for a factor multiplies by the other one transposed: dA = G·Bᵀ, dB = Aᵀ·G.
 */
import type { Facts } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import { attr, getFloat, getInt } from "../onnx/attributes.ts";
import { finitePart } from "./guard.ts";
import { type LinearRole, type Op, type Role, type Site, unbroadcast, unbroadcastTo, varying } from "./role.ts";

export const Gemm: Op = (node, facts) => {
  const [a, b, c] = node.input as [string, string, string?];
  const inputs = varying(node, facts);
  const [transA, transB] = [getInt(node, "transA", 0), getInt(node, "transB", 0)];
  const [alpha, beta] = [getFloat(node, "alpha", 1), getFloat(node, "beta", 1)];
  const gemm = (site: Site, input: readonly string[], ta: number, tb: number, factors = [alpha, 1]) =>
    site.g.emit({
      opType: "Gemm",
      domain: "",
      input,
      attribute: [
        ...(factors[0] === 1 ? [] : [attr.float("alpha", factors[0]!)]),
        ...(factors[1] === 1 ? [] : [attr.float("beta", factors[1]!)]),
        ...(ta ? [attr.int("transA", 1)] : []),
        ...(tb ? [attr.int("transB", 1)] : []),
      ],
    })[0]!;
  /** For factor i, the other one being `other`. */
  const factorAdjoint = (site: Site, s: string, i: number, other: string) => {
    if (i === 0) return transA ? gemm(site, [other, s], transB, 1) : gemm(site, [s, other], 0, 1 - transB);
    return transB ? gemm(site, [s, other], 1, transA) : gemm(site, [other, s], 1 - transA, 0);
  };
  const addendAdjoint = (site: Site, s: string) => unbroadcastTo(site, site.g.scale(s, beta), 2);
  const vjp: Role["vjp"] = (site, [r], i) =>
    i === 2 ? addendAdjoint(site, r!) : factorAdjoint(site, r!, i, finitePart(site.g, node.input[1 - i]!));
  if (inputs.includes(0) && inputs.includes(1)) return { kind: "bilinear", inputs, vjp };
  if (!inputs.includes(0) && !inputs.includes(1)) return { kind: "shift", inputs, vjp };
  const at = inputs[0]!;
  const weight = node.input[1 - at]!;
  const fixedAddend = c !== undefined && c !== "" && facts.isConstant(c);
  const biasPerRow = fixedAddend && facts.rank(c) === 2 && facts.shapeOf(c)[0] !== 1;
  const unbatched = at === 1 || transA === 1;
  const common = {
    ...(fixedAddend && { bias: c }),
    channelAxis: 1,
    ...(unbatched && { inputAxis: at === 1 ? transB : 0 }),
    wholeShape: unbatched || biasPerRow,
    vjp,
  };
  // An addend computed from the input, or factors that are left: linear, but no weights to take apart.
  if (inputs.length === 2 || alpha !== 1 || beta !== 1)
    return {
      kind: "sum",
      inputs,
      ...common,
      apply: (site, x, _, bias) => {
        const addend = x[1] ?? bias;
        const factors = at === 0 ? [x[0]!, b] : [a, x[0]!];
        return gemm(site, [...factors, ...(addend ? [addend] : [])], transA, transB, [alpha, beta]);
      },
      adjoint: (site, s, i) => vjp(site, [s], i),
    };
  return {
    kind: "linear",
    inputs,
    weight,
    ...common,
    apply: (site, [x], w, bias) => gemm(site, [...(at === 0 ? [x!, w!] : [w!, x!]), ...(bias ? [bias] : [])], transA, transB),
    adjoint: (site, s, i, w) => factorAdjoint(site, s, i, w!),
  };
};

const lastTwo = (rank: number): number[] => Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));

export const MatMul: Op = (node, facts) => {
  const [a, b, bias] = node.input as [string, string, string?];
  const constants = [facts.isConstant(a), facts.isConstant(b)];
  if (!constants[0] && !constants[1])
    return {
      kind: "bilinear",
      inputs: [0, 1],
      nonnegative: (input) => input(0) && input(1),
      vjp: (site, [r], i) => matmulAdjoint(site, node, facts, r!, i, finitePart(site.g, node.input[1 - i]!)),
    };
  const left = constants[0]!; // W·x
  const weight = left ? a : b;
  const rank = facts.rank(left ? b : a);
  const unbatched = rank === 1 || (left && rank === 2);
  const role: LinearRole = {
    kind: "linear",
    inputs: [left ? 1 : 0],
    weight,
    ...(bias && { bias }),
    // A vector has one result, without an axis; W·x has its own before the last.
    channelAxis: facts.rank(weight) === 1 ? -1 : facts.rank(node.output[0]!) - (left && rank > 1 ? 2 : 1),
    addsBias: true,
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
const matmulAdjoint = ({ g }: Site, node: GraphNode, facts: Facts, s: string, i: number, other: string): string => {
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

/**
 * Support vector machines (libsvm): f(x) = Σ α_s K(x, s) + ρ over the support vectors s, with
 *
 *     K = x·s | exp(−γ |x − s|²) | (γ x·s + c)^d | tanh(γ x·s + c)
 *
 * A classifier has one f for each pair of classes i < j: α of row j − 1 for the vectors of i, of row i for those of j. f > 0 is a vote
 * for i. Two classes have scores [−f, f]. With the linear kernel the sum over vectors is done here: f is a layer.
 */
import { getFloats, getInt, getInts, getString, getStrings } from "../../onnx/attributes.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import type { Context, Expansion } from "../pass.ts";
import { asFloat, dense, featuresOf, labelAt, rowsOf, transformed, transformOf } from "./parts.ts";

/** Σ α K(x, s) + ρ for each row of `alphas`. */
const decisions = (
  node: NodeProto,
  context: Context,
  vectors: readonly (readonly number[])[],
  alphas: readonly (readonly number[])[],
  rho: readonly number[],
): string | undefined => {
  const { g } = context;
  const x = asFloat(context, node.input[0]!);
  const [gamma = 0, constant = 0, degree = 3] = getFloats(node, "kernel_params") ?? [];
  // γ times a vector would be rounded: the vectors stay as they are.
  const products = () => {
    const sums = dense(
      g,
      x,
      vectors,
      vectors.map(() => 0),
    );
    return g.add(g.scale(sums, gamma), g.floats(constant));
  };
  switch (getString(node, "kernel_type", "LINEAR")) {
    case "LINEAR":
      return dense(
        g,
        x,
        alphas.map((row) => vectors[0]!.map((_, k) => row.reduce((sum, alpha, s) => sum + alpha * vectors[s]![k]!, 0))),
        rho,
      );
    case "RBF": {
      const apart = g.sub(g.op("Unsqueeze", [x, g.ints([1])]), g.floats(vectors.flat(), [vectors.length, vectors[0]!.length]));
      const distance = g.reduceSum(g.mul(apart, apart), [2], 0);
      return dense(g, g.op("Exp", [g.scale(distance, -gamma)]), alphas, rho);
    }
    case "POLY":
      return dense(g, g.op("Pow", [products(), g.floats(degree)]), alphas, rho);
    case "SIGMOID":
      return dense(g, g.op("Tanh", [products()]), alphas, rho);
    default:
      return undefined;
  }
};

export const SVMRegressor: Expansion = (node, context) => {
  const features = featuresOf(context, node.input[0]!);
  if (getInt(node, "one_class", 0) !== 0) return "it says inside or outside, no score";
  if (features === undefined) return undefined;
  const [coefficients, rho] = [getFloats(node, "coefficients") ?? [], getFloats(node, "rho") ?? [0]];
  if (getInt(node, "n_supports", 0) === 0)
    return [dense(context.g, asFloat(context, node.input[0]!), rowsOf(coefficients, features), rho)];
  const scores = decisions(node, context, rowsOf(getFloats(node, "support_vectors") ?? [], features), [coefficients], rho);
  return scores === undefined ? undefined : [scores];
};

interface Pairs {
  readonly counts: readonly number[];
  /** Classes i < j of each f. */
  readonly pairs: readonly (readonly [number, number])[];
  readonly vectors: readonly (readonly number[])[];
  readonly alphas: readonly (readonly number[])[];
  readonly rho: readonly number[];
}

/** One f for each pair of classes. */
const pairsOf = (node: NodeProto, features: number): Pairs => {
  const counts = getInts(node, "vectors_per_class") ?? [];
  const total = counts.reduce((a, b) => a + b, 0);
  const classOf = counts.flatMap((n, c) => Array.from({ length: n }, () => c));
  const weights = rowsOf(getFloats(node, "coefficients") ?? [], total);
  const pairs = counts.flatMap((_, i) => counts.slice(i + 1).map((_, k) => [i, i + 1 + k] as const));
  const alphas = pairs.map(([i, j]) => classOf.map((c, s) => (c === i ? weights[j - 1]![s]! : c === j ? weights[i]![s]! : 0)));
  const rho = getFloats(node, "rho") ?? pairs.map(() => 0);
  return { counts, pairs, vectors: rowsOf(getFloats(node, "support_vectors") ?? [], features), alphas, rho };
};

const minus = (row: readonly number[]): number[] => row.map((a) => -a);

/** Whether the probabilities are coupled from those of pairs. */
export const isCoupled = (node: NodeProto): boolean => (getFloats(node, "prob_a") ?? []).length > 0;

/** What tells class j from class i < j, by name: −f, positive for j. */
export const pairNames = (node: NodeProto): readonly string[] => {
  const texts = getStrings(node, "classlabels_strings") ?? [];
  const labels = texts.length > 0 ? texts : (getInts(node, "classlabels_ints") ?? []);
  const { pairs } = pairsOf(node, 1);
  return pairs.map(([i, j]) => `${node.output[1]}:${labels[j] ?? j}-against-${labels[i] ?? i}`);
};

/** Of each pair of classes −f, [N, 1]; undefined for kernels that are not known, or sizes that are not yet. */
export const pairDecisions = (node: NodeProto, context: Context): readonly string[] | undefined => {
  const features = featuresOf(context, node.input[0]!);
  if (features === undefined) return undefined;
  const { vectors, alphas, rho } = pairsOf(node, features);
  const scores = decisions(node, context, vectors, alphas.map(minus), minus(rho));
  return scores === undefined
    ? undefined
    : alphas.map((_, k) => context.g.op("Gather", [scores, context.g.ints([k])], { axis: 1 }));
};

export const SVMClassifier: Expansion = (node, context) => {
  const { g } = context;
  const features = featuresOf(context, node.input[0]!);
  const counted = getInts(node, "vectors_per_class") ?? [];
  const coefficients = getFloats(node, "coefficients") ?? [];
  const transform = transformOf(node);
  const binary = counted.length === 2;
  if (typeof transform === "object") return transform.why;
  if (isCoupled(node))
    return `its probabilities come from those of pairs of classes by an iteration (probability=False exports none); what tells two classes apart is explained with ${pairNames(
      node,
    )
      .map((name) => `--output '${name}'`)
      .join(" or ")}`;
  if (counted.length < 2 || (binary && (transform === "SOFTMAX" || coefficients.every((c) => c >= 0))))
    return "its scores are of another kind than one for each pair of classes";
  if (features === undefined) return undefined;

  const { counts, pairs, alphas, rho, vectors } = pairsOf(node, features);
  const [both, rhos] = binary
    ? [
        [minus(alphas[0]!), alphas[0]!],
        [-rho[0]!, rho[0]!],
      ]
    : [alphas, rho];
  const scores = decisions(node, context, vectors, both, rhos);
  if (scores === undefined) return undefined;

  const signs = binary ? g.op("Gather", [scores, g.ints([1])], { axis: 1 }) : scores;
  const won = g.mask(g.op("Greater", [signs, g.floats(0)]));
  // Votes: j of every pair has one, which a won pair takes from j and gives to i.
  const moves = pairs.map(([i, j]) => counts.map((_, c) => (c === i ? 1 : c === j ? -1 : 0)));
  const votes = g.op("MatMul", [won, g.floats(moves.flat(), [pairs.length, counts.length])]);
  const start = counts.map((_, c) => pairs.filter(([, j]) => j === c).length);
  const winner = g.op("ArgMax", [g.add(votes, g.floats(start))], { axis: 1, keepdims: 0 });
  return [labelAt(g, node, winner), transformed(g, scores, transform)];
};

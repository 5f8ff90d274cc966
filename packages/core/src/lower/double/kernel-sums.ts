/**
 * Sums over kernels, f(x) = Σ α_s k(x, s) + b: terms of both signs, many times larger than what is left of them. In float32 the scores
 * lose as many digits; in float64 they are those of the file.
 */
import { type Graph, type GraphNode, graphOf } from "../../graph/graph.ts";
import { getInt, getString } from "../../onnx/attributes.ts";
import type { ModelProto } from "../../onnx/proto.ts";

/** Of two values: the vectors are one of them. */
const COMPARING = new Set(["Min", "Max", "Sub", "Add", "Mul", "Div"]);
/** Of what was summed. */
const BENDING = new Set(["Exp", "Mul", "Neg", "Div", "Sqrt", "Pow", "Tanh"]);

/** Whether a model is one: by its operator (ai.onnx.ml), or written in plain ones (x is compared with constant vectors, the terms are summed, perhaps bent, and weighed). */
export const sumsKernels = (file: ModelProto): boolean => {
  const graph = graphOf(file);
  const made = new Map(graph.nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  return graph.nodes.some((node) => {
    if (node.domain === "ai.onnx.ml")
      return (
        (node.opType === "SVMClassifier" || node.opType === "SVMRegressor") &&
        getString(node, "kernel_type", "LINEAR") !== "LINEAR"
      );
    return weighs(node, graph) && comparesSums(made.get(node.input[0]!), made, graph);
  });
};

const weighs = (node: GraphNode, graph: Graph): boolean =>
  (node.opType === "Gemm" && getInt(node, "transA", 0) === 0 && graph.initializers.has(node.input[1]!)) ||
  (node.opType === "MatMul" && graph.initializers.has(node.input[1]!));

const comparesSums = (last: GraphNode | undefined, made: ReadonlyMap<string, GraphNode>, graph: Graph): boolean => {
  let at = last;
  while (at !== undefined && BENDING.has(at.opType)) at = made.get(at.input[0]!) ?? made.get(at.input[1] ?? "");
  if (at?.opType !== "ReduceSum") return false;
  const seen = new Set<string>();
  const compares = (name: string): boolean => {
    const node = made.get(name);
    if (node === undefined || seen.has(name) || !COMPARING.has(node.opType)) return false;
    seen.add(name);
    const vectors = node.input.some((input) => (graph.initializers.get(input)?.dims.length ?? 0) > 1);
    return vectors || node.input.some(compares);
  };
  return compares(at.input[0]!);
};

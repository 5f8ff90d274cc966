/** What is explained, from which output, and the nodes between. */
import { fail } from "../errors.ts";
import type { Facts } from "../graph/facts.ts";
import { type Graph, type GraphNode, opName, valuesRead } from "../graph/graph.ts";
import { getInt } from "../onnx/attributes.ts";
import { DataType } from "../onnx/proto.ts";
import type { ResolvedRecipe } from "./recipe.ts";

export interface Path {
  /** The graph's output that is explained. */
  readonly output: string;
  /** The value relevance starts from: the output, or the logits before its trailing softmax or sigmoid. */
  readonly start: string;
  /** What the output makes of the logits: cut here, and differentiated when the score is a probability. */
  readonly head: "none" | "softmax" | "sigmoid";
  readonly explained: readonly string[];
  /** Nodes between, in topological order. */
  readonly nodes: readonly GraphNode[];
  /** Inputs held fixed: masks, positions, token types. */
  readonly fixed: readonly string[];
  readonly notices: readonly string[];
}

const FLOATS: readonly number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16];

export const findPath = (graph: Graph, facts: Facts, recipe: ResolvedRecipe): Path => {
  const notices: string[] = [];
  const producer = new Map(graph.nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const output = chooseOutput(graph, producer, recipe, notices);
  // A vector given as seed is the relevance of the output itself.
  const { start, head } = recipe.seed === "vector" ? { start: output, head: "none" as const } : cutHead(output, producer, facts);
  if (start !== output)
    notices.push(
      `the trailing ${producer.get(output)!.opType} is cut: ${recipe.score === "probability" ? "its probability is explained through its derivative" : "the logit before it is explained"}`,
    );
  const { explained, fixed } = chooseInputs(graph, facts, producer, recipe, start);
  const nodes = between(graph, explained, start);
  for (const name of explained)
    if (name !== start && !nodes.some((node) => valuesRead(node).includes(name)))
      throw fail("BadRecipe", {
        what: `the output does not depend on '${name}'`,
        where: `output '${output}'`,
        fix: "name another value with --explain",
      });
  return { output, start, head, explained, nodes, fixed, notices };
};

const chooseOutput = (
  graph: Graph,
  producer: ReadonlyMap<string, GraphNode>,
  recipe: ResolvedRecipe,
  notices: string[],
): string => {
  const names = graph.outputs.map((output) => output.name);
  if (recipe.output !== undefined) {
    if (producer.has(recipe.output) || names.includes(recipe.output)) return recipe.output;
    throw fail("BadRecipe", { what: `no value '${recipe.output}' to explain`, fix: `outputs: ${names.join(", ")}` });
  }
  const float = graph.outputs.filter((output) => FLOATS.includes(output.type?.tensorType?.elemType ?? DataType.FLOAT));
  if (float.length === 0)
    throw fail("BadModel", {
      what: "the model has no float output to explain",
      why: `its outputs are ${names.join(", ")}`,
      fix: "name a value with --output",
    });
  if (float.length > 1) notices.push(`the model has several outputs; '${float[0]!.name}' is explained (--output names another)`);
  return float[0]!.name;
};

const cutHead = (output: string, producer: ReadonlyMap<string, GraphNode>, facts: Facts): Pick<Path, "start" | "head"> => {
  const node = producer.get(output);
  if (node?.domain !== "") return { start: output, head: "none" };
  const rank = facts.rank(output);
  const axis = getInt(node, "axis", -1);
  const last = axis === -1 || axis === rank - 1;
  if ((node.opType === "Softmax" || node.opType === "LogSoftmax") && last && rank <= 2)
    return { start: node.input[0]!, head: "softmax" };
  if (node.opType === "Sigmoid") return { start: node.input[0]!, head: "sigmoid" };
  if (node.opType === "Identity" || node.opType === "Cast") {
    const before = cutHead(node.input[0]!, producer, facts);
    return before.head === "none" ? { start: output, head: "none" } : before;
  }
  return { start: output, head: "none" };
};

const chooseInputs = (
  graph: Graph,
  facts: Facts,
  producer: ReadonlyMap<string, GraphNode>,
  recipe: ResolvedRecipe,
  start: string,
): Pick<Path, "explained" | "fixed"> => {
  const inputs = graph.inputs.map((input) => input.name);
  if (recipe.explain !== undefined) {
    for (const name of recipe.explain) {
      if (!inputs.includes(name) && !producer.has(name))
        throw fail("BadRecipe", {
          what: `no value '${name}' to explain`,
          fix: `inputs: ${inputs.join(", ")}; or a value inside the graph (inspect lists them)`,
        });
      if (facts.isConstant(name))
        throw fail("BadRecipe", { what: `'${name}' is a constant`, fix: "name a value that depends on the input" });
    }
    return { explained: recipe.explain, fixed: inputs.filter((name) => !recipe.explain!.includes(name)) };
  }
  const reached = new Set([start, ...between(graph, inputs, start).flatMap(valuesRead)]);
  const explained = graph.inputs
    .filter((input) => FLOATS.includes(input.type?.tensorType?.elemType ?? 0) && reached.has(input.name))
    .map((input) => input.name);
  if (explained.length === 0)
    throw fail("Unsupported", {
      what: "the model has no float input to explain",
      why: `its inputs are ${inputs.join(", ")}`,
      fix: "name the float value to explain with --explain (an embedding, for token models)",
    });
  return { explained, fixed: inputs.filter((name) => !explained.includes(name)) };
};

/** Nodes that depend on one of `from` and that `to` depends on; those values themselves are ends. */
const between = (graph: Graph, from: readonly string[], to: string): GraphNode[] => {
  const forward = new Set(from);
  const downstream = graph.nodes.filter((node) => {
    const reads = node.opType !== "Shape" && node.opType !== "Size" && valuesRead(node).some((name) => forward.has(name));
    if (reads) for (const name of node.output) forward.add(name);
    return reads;
  });
  const backward = new Set([to]);
  const path: GraphNode[] = [];
  for (const node of downstream.reverse())
    if (node.output.some((name) => backward.has(name))) {
      path.push(node);
      for (const name of valuesRead(node)) if (forward.has(name)) backward.add(name);
    }
  return path.reverse();
};

export const isLayer = (node: GraphNode): boolean => ["Conv", "ConvTranspose", "Gemm", "MatMul", "Einsum"].includes(opName(node));

/**
 * The graph the compiler works on: ONNX nodes in topological order, values by name.
 *
 * A node may stand for several nodes of the file (MatMul + Add as one linear layer with a bias, Sigmoid + Mul as SiLU).
 * Such a *unit* carries them as `body`: rules see the unit, the written graph contains the body.
 */
import { append } from "../numeric/extremes.ts";
import { getAttribute } from "../onnx/attributes.ts";
import type { GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from "../onnx/proto.ts";

export interface GraphNode extends NodeProto {
  /** Position in the file's node list, kept through rewrites: "first" in a recipe means first in the file. */
  readonly origin: number;
  readonly body?: readonly NodeProto[];
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  /** Inputs the user feeds: initializers listed as inputs (IR 3) are left out. */
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
  readonly initializers: ReadonlyMap<string, TensorProto>;
  /** Opset version by domain; "" is ai.onnx. */
  readonly opsets: ReadonlyMap<string, number>;
}

/** The domain of an operator, "" for ai.onnx in either spelling. */
export const domainOf = (domain: string): string => (domain === "ai.onnx" ? "" : domain);

/** `Conv`, or `com.microsoft.FusedConv` outside ai.onnx. */
export const opName = (node: Pick<NodeProto, "opType" | "domain">): string =>
  domainOf(node.domain) === "" ? node.opType : `${node.domain}.${node.opType}`;

/** How a node is called in messages: its name, or its first output where the exporter gave none. */
export const nodeLabel = (node: NodeProto): string => node.name || node.output.find((name) => name !== "") || node.opType;

/** The tensor a Constant holds as such: not as a number, a list or text. */
export const constantTensor = (node: NodeProto): TensorProto | undefined =>
  node.opType === "Constant" ? getAttribute(node, "value")?.t : undefined;

/**
 * The graph of a model: nodes in the file's order, initializers by name. Tensors of Constant nodes are initializers. Weights
 * are referenced, not copied.
 */
export const graphOf = (model: ModelProto): Graph => {
  const initializers = new Map(model.graph.initializer.map((tensor) => [tensor.name, tensor]));
  const nodes: GraphNode[] = [];
  model.graph.node.forEach((node, origin) => {
    // A Constant that holds a tensor is an initializer in another place: same bytes, no copy.
    const tensor = constantTensor(node);
    if (tensor !== undefined) initializers.set(node.output[0]!, { ...tensor, name: node.output[0]! });
    else nodes.push({ ...node, domain: domainOf(node.domain), origin });
  });
  return {
    name: model.graph.name,
    nodes,
    inputs: model.graph.input.filter((input) => !initializers.has(input.name)),
    outputs: model.graph.output,
    initializers,
    opsets: new Map(model.opsetImport.map((opset) => [domainOf(opset.domain), opset.version])),
  };
};

/** Branches and loop bodies. */
export const graphsOf = ({ attribute }: NodeProto): readonly GraphProto[] =>
  attribute.some(({ g, graphs }) => g !== undefined || graphs !== undefined)
    ? attribute.flatMap(({ g, graphs }) => [...(g ? [g] : []), ...(graphs ?? [])])
    : NO_GRAPHS;
const NO_GRAPHS: readonly GraphProto[] = [];

/** All nodes, those of subgraphs too. */
export const nodesOf = (graph: Pick<GraphProto, "node">): NodeProto[] =>
  graph.node.flatMap((node) => [node, ...graphsOf(node).flatMap(nodesOf)]);

/** Every name of a value in use, in subgraphs too. */
export const namesOf = (graph: GraphProto): string[] => [
  ...[...graph.input, ...graph.initializer].map((value) => value.name),
  ...graph.node.flatMap((node) => [...node.output, ...graphsOf(node).flatMap(namesOf)]),
];

/** All values a node reads, those its subgraphs capture from outside included. */
export const valuesRead = (node: NodeProto): readonly string[] => {
  const graphs = graphsOf(node);
  const own = node.input.filter((name) => name !== "");
  return graphs.length === 0 ? own : [...own, ...graphs.flatMap(captured)];
};

const captured = (graph: GraphProto): readonly string[] => {
  const inner = new Set([...graph.input, ...graph.initializer].map((value) => value.name));
  const read: string[] = [];
  for (const node of graph.node) {
    append(
      read,
      valuesRead(node).filter((name) => !inner.has(name)),
    );
    for (const name of node.output) inner.add(name);
  }
  return [...read, ...graph.output.map((output) => output.name).filter((name) => !inner.has(name))];
};

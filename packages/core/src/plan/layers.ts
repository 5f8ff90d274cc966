/** The layers with weights of a graph, before rules are planned: what goes in, and which weights. */
import { constantValues } from "../graph/facts.ts";
import { type Graph, type GraphNode, opName } from "../graph/graph.ts";

export interface WeightedLayer {
  readonly node: GraphNode;
  /** The value that depends on an input. */
  readonly data: string;
  readonly weight: string;
  /** The initializers the weight is made of. */
  readonly tensors: readonly string[];
}

const LINEAR = new Set(["Conv", "ConvTranspose", "Gemm", "MatMul", "Einsum"]);

/** In the graph's order. */
export const weightedLayers = (graph: Graph): readonly WeightedLayer[] => {
  const constant = constantValues(graph);
  const fixed = (name: string) => constant.has(name) || graph.initializers.has(name);
  const made = new Map<string, GraphNode>();
  for (const node of graph.nodes) for (const name of node.output) if (constant.has(name)) made.set(name, node);
  const rooted = new Map<string, readonly string[]>();
  const tensors = (name: string): readonly string[] => {
    const known = rooted.get(name);
    if (known) return known;
    rooted.set(name, []);
    const roots = graph.initializers.has(name) ? [name] : [...new Set((made.get(name)?.input ?? []).flatMap(tensors))];
    rooted.set(name, roots);
    return roots;
  };
  return graph.nodes.flatMap((node): WeightedLayer[] => {
    const [a, b] = node.input;
    if (!LINEAR.has(opName(node)) || a === undefined || b === undefined || node.input.length > 3 || fixed(a) === fixed(b))
      return [];
    const [data, weight] = fixed(a) ? [b, a] : [a, b];
    return [{ node, data, weight, tensors: tensors(weight) }];
  });
};

/** Values that depend on one of `from`, itself included, given the nodes in topological order. */
export const downstream = (graph: Pick<Graph, "nodes">, from: Iterable<string>): Set<string> => {
  const found = new Set(from);
  for (const node of graph.nodes) if (node.input.some((name) => found.has(name))) for (const name of node.output) found.add(name);
  return found;
};

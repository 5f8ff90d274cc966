/** Which nodes depend on which values: reachability in the graph, Shape and Size left out. */
import { type Graph, type GraphNode, valuesRead } from "./graph.ts";

const SIZES = new Set(["Shape", "Size"]);

/** All values that depend on one of `from`, those included. */
export const dependents = (graph: Pick<Graph, "nodes">, from: readonly string[]): Set<string> => {
  const reached = new Set(from);
  for (const node of graph.nodes)
    if (!SIZES.has(node.opType) && valuesRead(node).some((name) => reached.has(name)))
      for (const name of node.output) reached.add(name);
  return reached;
};

/** All nodes that would give something else for other values or another number of rows of `from`. */
export const nodesBehind = (graph: Pick<Graph, "nodes">, from: readonly string[]): GraphNode[] => {
  const reached = new Set(from);
  return graph.nodes.filter((node) => {
    const reads = valuesRead(node).some((name) => reached.has(name));
    if (reads) for (const name of node.output) reached.add(name);
    return reads;
  });
};

/** Nodes that depend on one of `from` and that `to` depends on; those values themselves are ends. */
export const between = (graph: Pick<Graph, "nodes">, from: readonly string[], to: string): GraphNode[] => {
  const forward = dependents(graph, from);
  const backward = new Set([to]);
  const path: GraphNode[] = [];
  for (let k = graph.nodes.length - 1; k >= 0; k--) {
    const node = graph.nodes[k]!;
    if (SIZES.has(node.opType) || !node.output.some((name) => backward.has(name) && forward.has(name))) continue;
    const reads = valuesRead(node).filter((name) => forward.has(name));
    if (reads.length === 0) continue; // makes one of `from` itself
    path.push(node);
    for (const name of reads) backward.add(name);
  }
  return path.reverse();
};

/** Who reads a value; and after a walk: floats take over the names of the integers they replace, and what nobody reads is left out. */
import { valuesRead } from "../../graph/graph.ts";
import type { GraphProto, NodeProto } from "../../onnx/proto.ts";
import type { Surroundings } from "./surroundings.ts";

/** The nodes that read a value. */
export const readers = (nodes: readonly NodeProto[]): Map<string, NodeProto[]> => {
  const map = new Map<string, NodeProto[]>();
  for (const node of nodes)
    for (const name of new Set(valuesRead(node))) {
      const list = map.get(name);
      if (list === undefined) map.set(name, [node]);
      else list.push(node);
    }
  return map;
};

/** The node that reads a value, where no other one does. */
export const onlyReader = ({ consumers }: Pick<Surroundings, "consumers">, value: string): NodeProto | undefined => {
  const [reader, ...others] = consumers(value);
  return others.length === 0 ? reader : undefined;
};

/** `renamed`: [name of the integers, name of the floats]. Declared types of values are dropped: some are floats now. */
export const tidy = (graph: GraphProto, renamed: Iterable<readonly [string, string]>): GraphProto => {
  const made = new Set(graph.node.flatMap((node) => node.output));
  const outputs = new Set(graph.output.map(({ name }) => name));
  const names = new Map<string, string>();
  for (const [integers, floats] of renamed)
    if (!made.has(integers) && floats.startsWith("real:") && made.has(floats) && !names.has(floats)) names.set(floats, integers);
  const now = (name: string) => names.get(name) ?? name;
  const node = alive(
    graph.node.map((n) => ({ ...n, input: n.input.map(now), output: n.output.map(now) })),
    outputs,
  );
  const read = new Set([...outputs, ...node.flatMap(valuesRead)]);
  const inputs = new Set(graph.input.map(({ name }) => name));
  const initializer = graph.initializer.filter(({ name }) => read.has(name) || inputs.has(name));
  return { ...graph, node, initializer, valueInfo: [] };
};

/** Nodes whose results are used, from the last to the first. */
const alive = (nodes: readonly NodeProto[], outputs: ReadonlySet<string>): NodeProto[] => {
  const read = new Set(outputs);
  const kept: NodeProto[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.output.some((name) => read.has(name))) continue;
    for (const name of valuesRead(node)) read.add(name);
    kept.push(node);
  }
  return kept.reverse();
};

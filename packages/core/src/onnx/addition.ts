/** Nodes and constants to be put into a graph that is done, with names that it does not have yet. */
import type { GraphProto, NodeProto, TensorProto } from "./proto.ts";
import { floatTensor, intTensor } from "./tensors.ts";

export interface Addition {
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  /** A free name. */
  name(hint: string): string;
  /** A node of one output, whose name is given back. */
  op(opType: string, input: readonly string[], attribute?: NodeProto["attribute"], output?: string): string;
  /** A constant, by its name. */
  floats(hint: string, dims: readonly number[], data: readonly number[]): string;
  ints(hint: string, data: readonly number[]): string;
}

/** `value`: what the names begin with. */
export const additionTo = (graph: GraphProto, value: string): Addition => {
  const taken = new Set([
    ...graph.node.flatMap(({ output, name }) => [...output, name]),
    ...[...graph.initializer, ...graph.input].map(({ name }) => name),
  ]);
  const name = (hint: string): string => {
    let free = `${value}:${hint}`;
    while (taken.has(free)) free = `${free}_`;
    taken.add(free);
    return free;
  };
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const constant = (tensor: TensorProto): string => {
    initializers.push(tensor);
    return tensor.name;
  };
  return {
    ...{ nodes, initializers, name },
    op(opType, input, attribute = [], output = name(opType)) {
      nodes.push({ opType, domain: "", name: name(`added ${opType}`), input, output: [output], attribute });
      return output;
    },
    floats: (hint, dims, data) => constant(floatTensor(name(hint), dims, Float32Array.from(data))),
    ints: (hint, data) => constant(intTensor(name(hint), [data.length], data)),
  };
};

/** The graph with what was added between the node that makes `value` and all who read it: they start at `before` and end at `value`. Undefined where no node makes it. */
export const putBehind = (
  graph: GraphProto,
  { value, before }: { readonly value: string; readonly before: string },
  { nodes, initializers }: Addition,
): GraphProto | undefined => {
  const maker = graph.node.findIndex(({ output }) => output.includes(value));
  if (maker < 0) return undefined;
  const renamed = (node: NodeProto): NodeProto => ({ ...node, output: node.output.map((own) => (own === value ? before : own)) });
  return {
    ...graph,
    node: graph.node.flatMap((own, i) => (i === maker ? [renamed(own), ...nodes] : [own])),
    initializer: [...graph.initializer, ...initializers],
  };
};

/**
 * A quantised model beside the floats it stands for: it computes the original outputs, bit by bit, and says which class wins; the
 * explanation runs in floats. Its values get names of their own, and weights that both read are stored once.
 */
import { constantTensor, type Graph, graphOf, opName } from "../graph/graph.ts";
import { renamed } from "../graph/names.ts";
import { wholeValues } from "../graph/whole.ts";
import type { ModelProto, NodeProto, TensorProto } from "../onnx/proto.ts";

export interface Quantised {
  readonly nodes: readonly NodeProto[];
  /** Those that the floats do not read. */
  readonly initializers: readonly TensorProto[];
  readonly opsets: ReadonlyMap<string, number>;
  /** What a value of the quantised model is called; undefined where it has no such float. */
  float(name: string): string | undefined;
  /** New names: the floats' outputs give way to the quantised model's. */
  readonly moved: ReadonlyMap<string, string>;
  /** What an output of the floats is called then. */
  floatOf(output: string): string;
}

/** `taken`: names in use. */
export const quantisedBeside = (model: ModelProto, floats: Graph, taken: Iterable<string>): Quantised => {
  const graph = graphOf(model);
  const used = new Set(taken);
  const fresh = (prefix: string, name: string): string => {
    let free = `${prefix}:${name}`;
    while (used.has(free)) free = `${free}'`;
    used.add(free);
    return free;
  };
  const names = new Map<string, string>();
  const initializers: TensorProto[] = [];
  for (const tensor of graph.initializers.values()) {
    if (same(tensor, floats.initializers.get(tensor.name))) continue;
    names.set(tensor.name, fresh("quantised", tensor.name));
    initializers.push({ ...tensor, name: names.get(tensor.name)! });
  }
  const constants = new Set(model.graph.node.filter((node) => constantTensor(node) !== undefined));
  const nodes = model.graph.node.filter((node) => !constants.has(node));
  for (const node of nodes) for (const name of node.output) if (name !== "") names.set(name, fresh("quantised", name));
  const whole = wholeValues(graph);
  const made = new Set(nodes.flatMap((node) => node.output));
  const moved = new Map<string, string>();
  for (const { name } of graph.outputs) if (names.has(name)) moved.set(name, fresh("float", name)).set(names.get(name)!, name);
  return {
    nodes: nodes.map((node) => ({
      ...renamed(node, (name) => names.get(name) ?? name),
      name: fresh("quantised", node.name || opName(node)),
    })),
    initializers,
    opsets: graph.opsets,
    float: (name) => (made.has(name) && !whole.has(name) ? names.get(name) : undefined),
    moved,
    floatOf: (output) => moved.get(output) ?? output,
  };
};

const same = (a: TensorProto, b: TensorProto | undefined): boolean =>
  b !== undefined &&
  (a === b ||
    (a.dataType === b.dataType && a.dims.join() === b.dims.join() && a.rawData !== undefined && a.rawData === b.rawData));

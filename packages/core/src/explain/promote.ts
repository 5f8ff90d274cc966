/** A value inside the graph as an input of it: methods that move the explained value (an embedding) feed it themselves. */
import { neededNodes, neededTensors } from "../emit/prune.ts";
import type { Shape } from "../graph/facts.ts";
import { DataType, type ModelProto } from "../onnx/proto.ts";

/** The same model with `name` fed. What made it is left in place under another name; nothing reads it any more. */
export const promote = (model: ModelProto, name: string, shape: Shape): ModelProto => {
  const { graph } = model;
  if (graph.input.some((input) => input.name === name)) return model;
  const node = graph.node.map((n) =>
    n.output.includes(name) ? { ...n, output: n.output.map((output) => (output === name ? `${name}:computed` : output)) } : n,
  );
  const dims = shape.map((size, axis) => (size === null ? { param: `${name}:${axis}` } : { value: size }));
  const input = { name, type: { tensorType: { elemType: DataType.FLOAT, shape: dims } } };
  return { ...model, graph: { ...graph, node, input: [...graph.input, input] } };
};

/** The model with values inside the graph as outputs, too; what no output needs (what made a fed value) is left out. */
export const fetching = (model: ModelProto, names: readonly string[]): ModelProto => {
  const { graph } = model;
  const known = new Set(graph.output.map(({ name }) => name));
  const added = [...new Set(names)].filter((name) => !known.has(name));
  const output = [...graph.output, ...added.map((name) => ({ name }))];
  const node = neededNodes(graph.node, output);
  return {
    ...model,
    graph: { ...graph, node, initializer: neededTensors(graph.initializer, node, [...output, ...graph.input]), output },
  };
};

/** A value inside the graph as an input of it: methods that move the explained value (an embedding) feed it themselves. */
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

/** The model with values inside the graph as outputs, too. */
export const fetching = (model: ModelProto, names: readonly string[]): ModelProto => {
  const { graph } = model;
  const known = new Set([...graph.output, ...graph.input].map((value) => value.name));
  const added = [...new Set(names)].filter((name) => !known.has(name));
  return added.length === 0
    ? model
    : { ...model, graph: { ...graph, output: [...graph.output, ...added.map((name) => ({ name }))] } };
};

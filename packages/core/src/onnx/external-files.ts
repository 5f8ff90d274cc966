/** Every file a model's weights lie in, wherever a tensor can stand: initializers (sparse ones too), attributes, subgraphs, functions. */
import { decodeMessage } from "./decode.ts";
import { checkLocation, externalRange, isExternal } from "./external.ts";
import type { AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto } from "./proto.ts";
import { sparseTensor } from "./schema.ts";
import { tensorByteLength } from "./types.ts";

/**
 * The locations of all external data, each checked to lie in the model's folder. Ask before a runtime is handed the path of
 * a model: it opens these files itself.
 * @throws BadFile for a location that leaves the folder
 */
export const externalFiles = (model: ModelProto): ReadonlySet<string> => new Set(externalSizes(model).keys());

/** The same locations, with the bytes each file must hold at least. @throws BadFile */
export const externalSizes = (model: ModelProto): ReadonlyMap<string, number> => {
  const sizes = new Map<string, number>();
  for (const tensor of tensorsOf(model)) {
    if (!isExternal(tensor)) continue;
    const { location, offset, length = tensorByteLength(tensor.dims, tensor.dataType, tensor.name) } = externalRange(tensor);
    sizes.set(location, Math.max(sizes.get(location) ?? 0, offset + length));
  }
  return sizes;
};

/**
 * The model with its external data under other locations, in initializers, attributes and subgraphs.
 * @throws BadFile for a location outside the folder
 */
export const relocated = (model: ModelProto, locations: ReadonlyMap<string, string>): ModelProto => {
  const tensor = (t: TensorProto): TensorProto => {
    if (!isExternal(t)) return t;
    const externalData = t.externalData?.map(({ key, value }) =>
      key === "location" ? { key, value: checkLocation(locations.get(value) ?? value, t.name) } : { key, value },
    );
    return { ...t, ...(externalData && { externalData }) };
  };
  const attribute = (a: AttributeProto): AttributeProto => ({
    ...a,
    ...(a.t && { t: tensor(a.t) }),
    ...(a.g && { g: graph(a.g) }),
    ...(a.tensors && { tensors: a.tensors.map(tensor) }),
    ...(a.graphs && { graphs: a.graphs.map(graph) }),
  });
  const node = (n: NodeProto): NodeProto => ({ ...n, attribute: n.attribute.map(attribute) });
  const graph = (g: GraphProto): GraphProto => ({ ...g, node: g.node.map(node), initializer: g.initializer.map(tensor) });
  return { ...model, graph: graph(model.graph) };
};

function* tensorsOf(model: ModelProto): Generator<TensorProto> {
  yield* inGraph(model.graph);
  for (const { node, attributeProto } of model.functions) yield* inNodes([...node, { attribute: attributeProto }]);
}

function* inGraph(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  for (const bytes of graph.sparseInitializer) {
    const { values, indices } = decodeMessage(sparseTensor, bytes);
    if (values) yield values;
    if (indices) yield indices;
  }
  yield* inNodes(graph.node);
}

function* inNodes(nodes: readonly Pick<NodeProto, "attribute">[]): Generator<TensorProto> {
  for (const { t, g, tensors = [], graphs = [] } of nodes.flatMap((node) => node.attribute)) {
    if (t) yield t;
    if (g) yield* inGraph(g);
    yield* tensors;
    for (const graph of graphs) yield* inGraph(graph);
  }
}

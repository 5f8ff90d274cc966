/** Every file a model's weights lie in, wherever a tensor can stand: initializers (sparse ones too), attributes, subgraphs, functions. */
import { decodeMessage } from "./decode.ts";
import { externalRange, isExternal } from "./external.ts";
import type { GraphProto, ModelProto, NodeProto, TensorProto } from "./proto.ts";
import { sparseTensor } from "./schema.ts";

/**
 * The locations of all external data, each checked to lie in the model's folder. Ask before a runtime is handed the path of
 * a model: it opens these files itself.
 * @throws BadFile for a location that leaves the folder
 */
export const externalFiles = (model: ModelProto): ReadonlySet<string> => {
  const files = new Set<string>();
  for (const tensor of tensorsOf(model)) if (isExternal(tensor)) files.add(externalRange(tensor).location);
  return files;
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

/** External data made internal: every tensor that points into a file beside the model gets a view on that file's bytes. */
import {
  type AttributeProto,
  type ExternalData,
  externalFiles,
  externalRange,
  fail,
  type GraphProto,
  isExternal,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  tensorByteLength,
} from "@backlit/core";

/** Throws BadFile (a location that leaves the folder, a file too short) and Unsupported (sparse external weights). */
export const embedExternal = (model: ModelProto, external: ExternalData): ModelProto => {
  const tensor = (t: TensorProto): TensorProto => {
    if (!isExternal(t)) return t;
    const { externalData, dataLocation, ...rest } = t;
    const { location, offset } = externalRange(t);
    return { ...rest, rawData: external.read(location, offset, tensorByteLength(t.dims, t.dataType, t.name)) };
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
  const embedded = { ...model, graph: graph(model.graph) };
  if (externalFiles(embedded).size > 0)
    throw fail("Unsupported", {
      what: "external weights of sparse tensors or functions",
      fix: "save the model as one file",
    });
  return embedded;
};

/** What every model here is written with: values, nodes, and the file around a graph. */
import type { AttributeProto, GraphProto, ModelProto, NodeProto, ValueInfoProto } from "@backlit/core";

/** Free sizes by name. */
export const value = (name: string, elemType: number, dims: readonly (number | string)[]): ValueInfoProto => ({
  name,
  type: { tensorType: { elemType, shape: dims.map((d) => (typeof d === "number" ? { value: d } : { param: d })) } },
});

export const node = (
  opType: string,
  name: string,
  input: readonly string[],
  output: string,
  attribute: readonly AttributeProto[] = [],
): NodeProto => ({ opType, domain: "", name, input, output: [output], attribute });

/** At opset 17. */
export const modelOf = (graph: Pick<GraphProto, "name" | "node" | "initializer" | "input" | "output">): ModelProto => ({
  irVersion: 8,
  opsetImport: [{ domain: "", version: 17 }],
  producerName: "backlit-bench",
  metadataProps: [],
  functions: [],
  graph: { ...graph, sparseInitializer: [], valueInfo: [] },
});

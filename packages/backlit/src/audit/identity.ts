/** Which model this is: everything that tells it from another. */
import { dataTypeName, type ValueInfoProto } from "@backlit/core";
import { dimsOf, modelInputs } from "../model/config-files.ts";
import type { Bundle } from "../model/open.ts";
import { hashFile } from "../model/weight-files.ts";
import type { ModelIdentity, Port } from "./document.ts";

export const identityOf = async ({ name, model, size, weights, labels }: Bundle, sha256: string): Promise<ModelIdentity> => {
  const { graph, opsetImport, producerName, producerVersion } = model;
  const hashes = await Promise.all([...weights].map(async ([location, path]) => [location, await hashFile(path)] as const));
  const producer = [producerName, producerVersion].filter(Boolean).join(" ");
  return {
    name,
    sha256,
    ...(hashes.length > 0 && { weights: Object.fromEntries(hashes) }),
    bytes: size,
    ...(producer !== "" && { producer }),
    opset: Object.fromEntries(opsetImport.map(({ domain, version }) => [domain || "ai.onnx", Number(version)])),
    inputs: modelInputs(model).map(portOf),
    outputs: graph.output.map(portOf),
    nodes: graph.node.length,
    parameters: graph.initializer.reduce((sum, { dims }) => sum + dims.reduce<number>((a, b) => a * Number(b), 1), 0),
    ...(labels && { classes: labels.length }),
  };
};

const portOf = (value: ValueInfoProto): Port => ({
  name: value.name,
  type: dataTypeName(value.type?.tensorType?.elemType ?? 1),
  dims: dimsOf(value).map((size) => size ?? "?"),
});

/** Which model this is: everything that tells it from another. */
import { dataTypeName, type Explainer, modelIdentity, type ValueInfoProto } from "@backlit/core";
import { dimsOf, modelInputs } from "../../models/inputs.ts";
import { weightHashes } from "../../models/load.ts";
import type { Bundle } from "../../models/open.ts";
import type { ModelIdentity, Port } from "./document.ts";

export const identityOf = async (bundle: Bundle, lit: Explainer): Promise<ModelIdentity> => {
  const { name, model, size, labels } = bundle;
  const { graph, opsetImport, producerName, producerVersion } = model;
  const hashes = [...(await weightHashes(bundle))];
  const producer = [producerName, producerVersion].filter(Boolean).join(" ");
  return {
    name,
    sha256: await lit.sha256,
    identity: await lit.identity,
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

/** The identity of the audited model; older audits hold the hashes of its files alone. */
export const auditedIdentity = async ({ identity, sha256, weights = {} }: ModelIdentity): Promise<string> =>
  identity ?? modelIdentity(sha256, new Map(Object.entries(weights)));

const portOf = (value: ValueInfoProto): Port => ({
  name: value.name,
  type: dataTypeName(value.type?.tensorType?.elemType ?? 1),
  dims: dimsOf(value).map((size) => size ?? "?"),
});

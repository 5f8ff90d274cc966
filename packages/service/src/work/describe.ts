/** What a model is, for those who call it. */
import type { ValueInfoProto } from "@backlit/core";
import { dimsOf, hasFreeBatch, modelInputs, type OpenModel } from "@backlit/workbench";
import { datatypeOfElement } from "./datatypes.ts";
import { addedNames } from "./infer.ts";
import type { Description, TensorInfo } from "./messages.ts";

const infoOf = (value: ValueInfoProto): TensorInfo => ({
  name: value.name,
  datatype: datatypeOfElement(value.type?.tensorType?.elemType ?? 1),
  shape: dimsOf(value).map((size) => (typeof size === "number" ? size : -1)),
});

/** Errors: BadRecipe, BadModel, Unsupported. */
export const describe = async (lit: OpenModel): Promise<Description> => {
  const { bundle } = lit;
  const { plan } = lit.outline();
  const inputs = modelInputs(bundle.model);
  const names = addedNames(lit, plan.explained);
  const shapes = plan.explained.map((value) => (lit.facts.shapes.get(value) ?? []).map((size) => size ?? -1));
  return {
    inputs: inputs.map(infoOf),
    outputs: bundle.model.graph.output.filter(({ type }) => type?.tensorType !== undefined).map(infoOf),
    added: [
      ...plan.explained.map((value, i) => ({ name: names.relevance(value), datatype: "FP32", shape: shapes[i]! })),
      { name: names.target, datatype: "INT64", shape: [-1, -1] },
    ],
    joins: plan.samples.independent && hasFreeBatch(bundle.model) && inputs.every(({ name }) => plan.samples.of(name) === 0),
    ...(bundle.labels && { labels: bundle.labels }),
    sha256: await lit.sha256,
    runtime: lit.options.runtime.name,
    notices: bundle.notices,
  };
};

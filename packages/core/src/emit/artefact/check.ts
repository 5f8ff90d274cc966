/** What cannot be asked of an artefact, or not together. */
import type { Canonical } from "../../canonize/index.ts";
import { flowOf } from "../../compiled/index.ts";
import { fail } from "../../errors.ts";
import type { ModelProto } from "../../onnx/proto.ts";
import type { Plan } from "../../plan/index.ts";
import { type EmitOptions, METADATA } from "./options.ts";

/** Errors: BadModel for an artefact. */
export const checkSource = ({ metadataProps }: ModelProto): void => {
  if (metadataProps.some(({ key }) => key.startsWith(METADATA)))
    throw fail("BadModel", { what: "this model is an artefact of backlit already", fix: "compile the original model" });
};

/** Errors: BadRecipe for what this method has not, and for values the graph has not. */
export const checkAsked = (options: EmitOptions, { recipe }: Plan, { facts, carrier }: Canonical): void => {
  const { ledger, layers = [], masks = [], channels = [], only } = options;
  const flow = flowOf(recipe);
  if (ledger && flow !== "relevance" && flow !== "neuralised")
    throw fail("BadRecipe", {
      what: `a ledger of method '${recipe.method}'`,
      why: "only relevance is handed on in amounts that add up",
      fix: "leave the ledger out, or take an LRP method",
    });
  if (layers.length > 0 && (flow === "shapley" || flow === "neuralised"))
    throw fail("BadRecipe", {
      what: `relevance of '${layers[0]}' by ${recipe.method}`,
      why: "its values are of columns of the input, and nothing lies between",
      fix: "leave the layers out",
    });
  for (const name of [...layers, ...[...masks, ...channels].map(({ value }) => value)])
    if (facts.shape(carrier(name)) === undefined)
      throw fail("BadRecipe", { what: `no value '${name}'`, fix: "inspect lists the values of the graph" });
  for (const { value } of [...masks, ...channels])
    if (facts.isConstant(carrier(value)))
      throw fail("BadRecipe", { what: `'${value}' is a constant`, fix: "name a value that depends on the input" });
  if (only && masks.length === 0)
    throw fail("BadRecipe", { what: "only without a mask", fix: "name the value whose relevance is kept: --mask VALUE" });
  if (masks.length > 0 && ["difference", "shapley", "neuralised"].includes(flow))
    throw fail("BadRecipe", {
      what: `a mask with method '${recipe.method}'`,
      why: "it hands no relevance on from node to node",
      fix: "take an LRP method or a gradient",
    });
};

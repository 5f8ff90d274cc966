/** What an analysis of concepts has to do, chunk by chunk, before any of it is done: plain JSON, so that other processes can take units. */
import { runtimeKey } from "../../evaluate/index.ts";
import { targetKey } from "../../evaluate/run/target-key.ts";
import type { Explainer } from "../../explain/index.ts";
import { canonicalJson, sha256 } from "../../plan/index.ts";
import { VERSION } from "../../version.ts";
import { type ConceptSetting, type ConceptTask, settingOf } from "./task.ts";

/** A chunk of samples. */
export interface ConceptUnit {
  /** Made of all that determines what it comes to: under it the result is kept. */
  readonly key: string;
  readonly from: number;
  readonly count: number;
}

/** Plain JSON. */
export interface ConceptPlan {
  readonly version: string;
  readonly model: { readonly name: string; readonly sha256: string; readonly identity: string };
  readonly data: { readonly name: string; readonly sha256: string; readonly count: number };
  readonly setting: ConceptSetting;
  readonly units: readonly ConceptUnit[];
}

/** The chunks an analysis of concepts is made of, with the keys of their results. @param lit any explainer of the model. Errors: BadRecipe, BadInput, BadTarget. */
export const planConcepts = async (task: ConceptTask, lit: Explainer): Promise<ConceptPlan> => {
  const setting = settingOf(task);
  const { data, options = {}, target, targetFiles } = task;
  const asked = {
    version: VERSION,
    runtime: runtimeKey(lit.options.runtime),
    model: await lit.identity,
    data: data.sha256,
    reading: data.reading,
    setting,
    options,
    ...(await targetKey(lit, { target, targetFiles, output: options.output, explain: options.explain })),
  };
  const size = data.chunk ?? 16;
  const units = Array.from({ length: Math.ceil(data.count / size) }, async (_, i): Promise<ConceptUnit> => {
    const [from, count] = [i * size, Math.min(size, data.count - i * size)];
    return { key: await sha256(canonicalJson({ concepts: 1, ...asked, from, count })), from, count };
  });
  return {
    version: VERSION,
    model: { name: task.model, sha256: await lit.sha256, identity: await lit.identity },
    data: { name: data.name, sha256: data.sha256, count: data.count },
    setting,
    units: await Promise.all(units),
  };
};

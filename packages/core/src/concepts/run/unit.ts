/** One chunk of samples: explained once, its channels ranked. */
import { fail } from "../../errors.ts";
import type { Explainer, Explanation } from "../../explain/index.ts";
import { referenceSamples } from "../reference-samples.ts";
import type { ConceptChunk, ConceptPart } from "../result.ts";
import { scoredBy, shares } from "../statistic.ts";
import type { ConceptPlan, ConceptUnit } from "./plan.ts";
import type { ConceptSetting, ConceptTask } from "./task.ts";

/** One chunk by itself: its samples explained, their channels ranked. Errors: those of `explain`; Unsupported where samples do not lie along the first axis. */
export const runConceptUnit = async (
  lit: Explainer,
  { task, plan }: { readonly task: ConceptTask; readonly plan: ConceptPlan },
  { from, count }: ConceptUnit,
): Promise<ConceptChunk> => {
  const { data, options = {}, target, targetFiles, signal } = task;
  const { setting } = plan;
  const { x, names, targets, labels } = await data.read(from, count);
  const explanation = await lit.explain(x, {
    ...options,
    channels: setting.values,
    ...(target !== undefined ? { target } : targets && { target: targets }),
    ...(targetFiles && { targetFiles }),
    ...(signal && { signal }),
  });
  const { channels, target: classes, aims, recipe, hash, notices } = explanation;
  const values = setting.values.map(({ value }) => [value, partOf(explanation, value, { from, count, setting })] as const);
  if (channels === undefined) throw new Error("an explanation without the channels asked for");
  return {
    samples: names.map((name, n) => ({
      name,
      target: classes[n] ?? [],
      ...(aims && { aim: aims[n]![0]!.name }),
      ...(labels?.[n] !== undefined && { label: labels[n] }),
    })),
    values: Object.fromEntries(values),
    recipe,
    hash,
    notices,
  };
};

interface Chunk {
  readonly from: number;
  readonly count: number;
  readonly setting: ConceptSetting;
}

const partOf = ({ channels, target, aims }: Explanation, value: string, { from, count, setting }: Chunk): ConceptPart => {
  const table = channels![value]!;
  const [own, width] = [table.dims[0], table.dims.at(-1)!];
  if (own !== count || table.dims.length !== 2)
    throw fail("Unsupported", {
      what: `channels of ${table.dims.join("×")} for ${count} samples`,
      where: `value '${value}'`,
      why: "concepts are looked at sample by sample, for one class each",
      fix: "give samples that do not depend on each other, and one class",
    });
  const samples = Array.from({ length: count }, (_, n) => from + n);
  const classes = target.map((indices, n) => aims?.[n]?.[0]?.name ?? indices.join(","));
  const { top: k, perClass, vectors } = setting;
  const references = setting.modes.map(
    (mode) => [mode, referenceSamples({ scored: scoredBy(table, mode, setting), samples, classes }, { k, perClass })] as const,
  );
  const rows = vectors ? shares(table.relevance.sum, width) : undefined;
  return {
    channels: width,
    references: Object.fromEntries(references),
    ...(rows && { vectors: samples.map((_, n) => Array.from(rows.subarray(n * width, (n + 1) * width))) }),
  };
};

/** What all chunks came to, as one result. */
import { fail } from "../../errors.ts";
import { mergeReferences } from "../reference-samples.ts";
import type { ConceptChunk, ConceptPart, ConceptResult, ConceptValue } from "../result.ts";
import type { Mode } from "../statistic.ts";
import type { ConceptPlan } from "./plan.ts";
import type { ConceptSetting } from "./task.ts";

/** `results`: one a unit, in the order of the plan's units, whoever computed them and when. Errors: BadInput where some are missing. */
export const collectConcepts = (plan: ConceptPlan, results: readonly (ConceptChunk | undefined)[]): ConceptResult => {
  const { version, model, data, units, setting } = plan;
  const chunks = units.flatMap((_, i) => results[i] ?? []);
  if (chunks.length < units.length)
    throw fail("BadInput", {
      what: `${units.length - chunks.length} of ${units.length} units have no result`,
      fix: "run them, and give one result a unit in the plan's order",
    });
  const { recipe, hash } = chunks[0]!;
  return {
    concepts: 1,
    version,
    model,
    data,
    recipe,
    hash,
    samples: chunks.flatMap(({ samples }) => samples),
    values: Object.fromEntries(
      setting.values.map(({ value }) => [
        value,
        joined(
          chunks.map(({ values }) => values[value]!),
          setting,
        ),
      ]),
    ),
    notices: [...new Set(chunks.flatMap(({ notices }) => notices))],
  };
};

const joined = (parts: readonly ConceptPart[], { modes, top: k, perClass }: ConceptSetting): ConceptValue => {
  const [{ channels, vectors }] = parts as [ConceptPart];
  const references = modes.map(
    (mode) =>
      [mode, parts.map((part) => part.references[mode]!).reduce((a, b) => mergeReferences(a, b, { k, perClass }))] as const,
  );
  const never = references.map(([mode, { ever }]) => [mode, ever.flatMap((one, channel) => (one ? [] : [channel]))] as const);
  return {
    channels,
    references: Object.fromEntries(references),
    never: Object.fromEntries(never) as Partial<Record<Mode, readonly number[]>>,
    ...(vectors && { vectors: parts.flatMap((part) => part.vectors!) }),
  };
};

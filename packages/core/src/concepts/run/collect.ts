/** What all chunks came to, as one result. */
import { fail } from "../../errors.ts";
import { mergeReferences } from "../reference-samples.ts";
import type { ConceptChunk, ConceptPart, ConceptResult, ConceptSample, ConceptValue } from "../result.ts";
import type { Mode } from "../statistic.ts";
import type { ConceptPlan } from "./plan.ts";
import type { ConceptSetting } from "./task.ts";

/** `results`: one a unit, in the order of the plan's units, whoever computed them and when. Errors: BadInput where some are missing. */
export const collectConcepts = (plan: ConceptPlan, results: readonly (ConceptChunk | undefined)[]): ConceptResult => {
  const collected = conceptCollector(plan);
  for (const [i] of plan.units.entries()) if (results[i] !== undefined) collected.add(results[i], i);
  return collected.result();
};

/** Chunks merged as they come, in any order: lists stay as long as they are asked for, whatever the number of samples. */
export const conceptCollector = (plan: ConceptPlan) => {
  const { version, model, data, units, setting } = plan;
  const samples: (readonly ConceptSample[])[] = [];
  const vectors: Record<string, NonNullable<ConceptPart["vectors"]>[]> = {};
  const merged = new Map<string, ConceptPart>();
  const notices: (readonly string[])[] = [];
  let [left, first]: [number, { readonly recipe: unknown; readonly hash: string } | undefined] = [units.length, undefined];
  return {
    add(chunk: ConceptChunk, index: number): void {
      left -= 1;
      samples[index] = chunk.samples;
      notices[index] = chunk.notices;
      if (index === 0) first = { recipe: chunk.recipe, hash: chunk.hash };
      for (const [value, { vectors: own, ...part }] of Object.entries(chunk.values)) {
        const before = merged.get(value);
        merged.set(value, before === undefined ? part : joined(before, part, setting));
        if (own !== undefined) {
          vectors[value] ??= [];
          vectors[value][index] = own;
        }
      }
    },
    /** Errors: BadInput where some units have no result. */
    result(): ConceptResult {
      if (left > 0 || first === undefined)
        throw fail("BadInput", {
          what: `${left} of ${units.length} units have no result`,
          fix: "run them, and give one result a unit in the plan's order",
        });
      const values = setting.values.map(
        ({ value }) => [value, told(merged.get(value)!, setting, vectors[value]?.flat())] as const,
      );
      return {
        ...{ concepts: 1, version, model, data, recipe: first.recipe, hash: first.hash },
        samples: samples.flat(),
        values: Object.fromEntries(values),
        notices: [...new Set(notices.flat())],
      };
    },
  };
};

const joined = (a: ConceptPart, b: ConceptPart, { modes, top: k, perClass }: ConceptSetting): ConceptPart => ({
  channels: a.channels,
  references: Object.fromEntries(
    modes.map((mode) => [mode, mergeReferences(a.references[mode]!, b.references[mode]!, { k, perClass })]),
  ),
});

/** Classes in order, whichever came first. */
const told = (
  { channels, references }: ConceptPart,
  { modes }: ConceptSetting,
  vectors: ConceptPart["vectors"],
): ConceptValue => {
  const all = modes.map((mode) => {
    const { byClass, ...own } = references[mode]!;
    const classes = Object.entries(byClass).sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
    return [mode, { ...own, byClass: Object.fromEntries(classes) }] as const;
  });
  const never = all.map(([mode, { ever }]) => [mode, ever.flatMap((one, channel) => (one ? [] : [channel]))] as const);
  return {
    channels,
    references: Object.fromEntries(all),
    never: Object.fromEntries(never) as Partial<Record<Mode, readonly number[]>>,
    ...(vectors && { vectors }),
  };
};

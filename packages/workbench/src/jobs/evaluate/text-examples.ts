/** Texts for the report: some samples, and what the first method makes of their words. */
import type { EvaluationTask, Explainer, TextExample } from "@backlit/core";
import type { TextOf } from "../../data/item.ts";
import { scoredTexts } from "../../kinds/text/scored-text.ts";
import { mapValues } from "../../rows/explained.ts";

const SAMPLES = 3;

/** None where what is explained has no axis of tokens, and of random maps alone. */
export const textExamplesOf = async (lit: Explainer, task: EvaluationTask, textOf: TextOf): Promise<readonly TextExample[]> => {
  const { data, explain, target, targetFiles, output, signal } = task;
  const chosen = task.methods.find(({ options }) => options !== undefined); // not random maps
  if (chosen === undefined) return [];
  const { name: method, options } = chosen;
  const asked = { ...(explain !== undefined && { explain }), ...(output !== undefined && { output }), ...options };
  const { explained, takes } = lit.outline(asked).plan;
  const lookedUp = Object.fromEntries(takes.candidates.map(({ value, inputs }) => [value, inputs]));
  const examples: TextExample[] = [];
  for (let n = 0; n < Math.min(SAMPLES, data.count); n++) {
    const { x, names, targets } = await data.read(n, 1);
    const own = target ?? targets;
    const { relevances } = await lit.explain(x, {
      ...asked,
      ...(own !== undefined && { target: own }),
      ...(targetFiles && { targetFiles }),
      ...(signal && { signal }),
    });
    const maps = mapValues(relevances, (map) => ({ ...map, dims: map.dims.slice(1) }));
    const found = scoredTexts(
      { sample: { file: names[0]!, feeds: {}, ...textOf(n) } },
      { relevances: maps },
      { explained, lookedUp },
    );
    if (found) examples.push({ name: names[0]!, text: found.tokenized, method, relevance: Array.from(found.scored.tokens) });
  }
  return examples;
};

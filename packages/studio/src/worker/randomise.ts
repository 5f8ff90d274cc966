/** Does the map depend on what the model learnt? Layers forget their weights, and it is explained again (Adebayo et al. 2018). */
import { type Explaining, explainingOf, type FloatTensor, judgeOf, metrics, planeOf } from "@backlit/core";
import { choiceRequestOf, choicesOf } from "@backlit/workbench";
import type { Randomised } from "../shown/randomised.ts";
import { optionsOf } from "./asked.ts";
import { explained } from "./explained.ts";
import type { ExplainAsk } from "./messages.ts";

const STEPS = 4;

/** Errors: those of explaining; BadRecipe where the model has no weights to be drawn anew. */
export const randomise = async (asked: ExplainAsk, progress: (text: string) => void): Promise<Randomised> => {
  const { lit, result } = await explained(asked, progress);
  const { target: own, relevances } = result.rows[0]!.maps[0]!;
  const map = relevances[result.explained[0]!]!;
  const relevance = { ...map, dims: [1, ...map.dims] };
  const judge = await judgeOf(lit, result.rows[0]!.sample.feeds, { target: asked.target ?? own.index });
  const { target: _, ...choices } = choicesOf(choiceRequestOf(optionsOf(lit, asked)), lit.bundle);
  const maps: FloatTensor[] = [relevance];
  const explaining = watched(explainingOf(lit, choices, judge.model.targets), (found) => {
    maps.push(found);
    progress(`explaining models with random weights: ${maps.length - 1} of at most ${STEPS}`);
  });
  const { curves } = await judge.measure(metrics.mprt!, { steps: STEPS }, { relevance, explaining });
  const { at, values } = curves!.spearman!;
  return {
    steps: Array.from(at[0]!, (share, i) => ({ at: share, spearman: values[0]![i]!, ...planed(maps[i]) })),
  };
};

const watched = (explaining: Explaining, see: (maps: FloatTensor) => void): Explaining => ({
  ...explaining,
  on: async (change) => {
    const changed = await explaining.on(change);
    return {
      ...changed,
      maps: async (x, samples, targets) => {
        const found = await changed.maps(x, samples, targets);
        see(found);
        return found;
      },
    };
  },
});

const planed = (map: FloatTensor | undefined): Partial<Randomised["steps"][number]> =>
  map?.dims.length === 4 ? { plane: planeOf({ dims: map.dims.slice(1), data: map.data }) } : {};

/** Where relevance starts: the classes explained, the seed of each, and what becomes an input for it. */
import { flowOf } from "../compiled/index.ts";
import type { Builder } from "../graph/builder.ts";
import { DataType } from "../onnx/proto.ts";
import type { Plan } from "../plan/index.ts";
import { directionOf } from "./direction.ts";
import { type Flow, full } from "./flow.ts";
import { type Logits, logitsOf } from "./logits.ts";
import type { Ports } from "./ports.ts";
import type { Quantised } from "./quantised.ts";
import { contrastClass, rivalOf } from "./rival.ts";
import { cotangent, scoresAt, seedFlow } from "./seed.ts";
import { poisonOf } from "./spoil.ts";
import { type Chosen, chooseTarget, type Target } from "./target.ts";

export interface Start {
  /** Relevance to start from, one per explained class. */
  readonly seeds: readonly Flow[];
  /** Likewise, of methods with a rule of their own at trees or kernels: v as rows of values, [N, values]. */
  readonly directions: readonly string[];
  /** One per class; where a class may not exist, the value that turns its samples' relevance into NaN. */
  readonly poisons: readonly (string | undefined)[];
  /** One per class; for DeepLIFT the scores whose difference is explained. */
  readonly scores: readonly (string | undefined)[];
  /** Of one logit whose two classes start as R = 1: ±1 by class. */
  readonly turned?: readonly string[];
  /** Undefined when the seed is an input of the artefact. */
  readonly chosen?: Chosen;
  /** Which class each sample is explained for; undefined for a vector. */
  readonly explained?: string;
  readonly seedInput?: string;
}

interface StartOptions {
  readonly target?: Target;
  /** Class to contrast with, for seed `{ contrast }`. */
  readonly contrast?: number;
  /** Rows that say which class wins, where the logits do not. */
  readonly ranked: string | undefined;
}

/** The quantised model's own logits; its output, where that is what is cut; the floats' where it has neither. */
export const rankedBy = (g: Builder, plan: Plan, exact: Quantised): string | undefined => {
  const { start, output, reading } = plan;
  const own = exact.float(start);
  if (own !== undefined) return logitsOf(g, plan, own).flat;
  const made = exact.float(output);
  if (made === undefined || g.facts.shape(start)?.join() !== g.facts.shape(output)?.join()) return undefined;
  return logitsOf(g, plan, reading.twoClasses ? g.sub(made, g.floats(0.5)) : made).flat;
};

export const startOf = (ports: Ports, logits: Logits, plan: Plan, { ranked, ...options }: StartOptions): Start => {
  const { g } = ports;
  const { recipe, start } = plan;
  if (recipe.seed === "vector" || recipe.seed === "direction") {
    const seedInput = ports.input(ports.claim("seed"), DataType.FLOAT, g.facts.shapeOf(start));
    const { flat } = logitsOf(g, plan, seedInput);
    if (recipe.seed === "vector") return { seeds: [full(seedInput)], directions: [flat], poisons: [], scores: [], seedInput };
    const given = { v: seedInput, flat };
    const { seed, explained, scores } = directionOf(g, recipe, logits, given);
    return { seeds: [seed], directions: [flat], poisons: [], scores: [scores], explained, seedInput };
  }
  const chosen = chooseTarget(g, options.target ?? { kind: "argmax" }, { ...logits, ...(ranked && { flat: ranked }) }, (name) =>
    ports.claim(name),
  );
  if (chosen.input) ports.input(chosen.input.name, DataType.INT64, chosen.input.dims);
  const against = contrastClass(recipe, options.contrast);
  const rival = against === undefined ? undefined : rivalOf(g, against, logits);
  const explained = chosen.onehots.map((onehot) => ({ onehot, ...(rival !== undefined && { against: rival.at(onehot) }) }));
  const seeds = explained.map((one) => seedFlow(g, recipe, logits, one));
  const directions = ["shapley", "neuralised"].includes(flowOf(recipe))
    ? explained.map((one) => cotangent(g, recipe, logits, one))
    : [];
  const scores = explained.map((one) => scoresAt(g, recipe, logits, one));
  const poisons = chosen.exists.map((own) => {
    const both = [own, rival?.exists].flatMap((exists) => exists ?? []);
    return both.length === 0
      ? undefined
      : poisonOf(
          g,
          both.reduce((a, b) => g.op("And", [a, b])),
        );
  });
  // A recipe file's seed one means R = 1 and nothing else, as ever.
  const turned = logits.reading.twoClasses && flowOf(recipe) === "relevance" && recipe.start === "plain" && recipe.seed !== "one";
  return { seeds, directions, poisons, scores, chosen, explained: chosen.explained, ...(turned && { turned: chosen.onehots }) };
};

/** What a target is looked for in: the explained values of each sample as they are, and what is known of them. */
import { fail } from "../../errors.ts";
import { type Aim, aimScore } from "../../oracle/aim.ts";
import { type Scoring, scoringOf } from "../../oracle/score.ts";
import { canonicalJson, type Plan } from "../../plan/index.ts";
import { type Arrangement, arranged, batchFirst, type Reading } from "../../reading/index.ts";
import { type FloatTensor, sampleOf } from "../../tensor/float.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { LoadedModel } from "../loaded.ts";
import { fetching } from "../promote.ts";
import { classIndex } from "../target-words.ts";
import type { ExplainOptions } from "../types.ts";

export type SceneOptions = Pick<ExplainOptions, "explain" | "output" | "seed" | "targetFiles" | "perStep" | "detections">;

export interface Scene {
  readonly lit: LoadedModel;
  readonly plan: Plan;
  readonly reading: Reading;
  readonly scoring: Scoring;
  /** The explained values, samples first. */
  readonly values: FloatTensor;
  /** How they lie in the model. */
  readonly arrangement: Arrangement;
  /** Their sizes after the batch. */
  readonly sizes: readonly number[];
  readonly samples: number;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly options: SceneOptions;
  /** Other values of the same run. */
  fetch(names: readonly string[]): Promise<Readonly<Record<string, Tensor>>>;
  /** All outputs of the model, of the same samples. */
  outputs(): Promise<Readonly<Record<string, Tensor>>>;
  /** A class by index or label. Errors: BadTarget. */
  classOf(text: string): number;
  /** A class as people call it. */
  nameOf(index: number): string;
  /** What a target's words name. Errors: BadTarget. */
  file(name: string, what: string): Tensor;
}

/** Errors: BadInput, BadRecipe, Runtime. */
export const sceneOf = async (
  lit: LoadedModel,
  x: Tensor | Readonly<Record<string, Tensor>>,
  options: SceneOptions,
): Promise<Scene> => {
  const { plan, reading } = lit.outline(options);
  const feeds = lit.feeds(x);
  const fetch = async (names: readonly string[]) => {
    const session = await lit.session(canonicalJson({ values: names }), () => fetching(lit.model, names));
    return session.run(feeds, [...names]);
  };
  const { [plan.start]: start } = await fetch([plan.start]);
  const arrangement = batchFirst(start!.dims.length, plan.batchAxis);
  const values = arranged(start as FloatTensor, arrangement);
  const { labels, tokens } = lit.options;
  const names = lit.model.graph.output.map(({ name }) => name);
  const outputs = async () => {
    const others = names.filter((name) => name !== plan.start);
    const own = names.includes(plan.start) ? { [plan.start]: start! } : {};
    return { ...own, ...(others.length > 0 && (await fetch(others))) };
  };
  return {
    ...{ lit, plan, reading, feeds, values, arrangement, options, fetch, outputs },
    scoring: scoringOf(plan),
    sizes: values.dims.slice(1),
    samples: values.dims[0]!,
    classOf: (text) => {
      const index = classIndex(text, labels);
      if (index.length === 1) return index[0]!;
      throw fail("BadTarget", { what: `class ${text}`, why: "its place is named besides", fix: "give one index" });
    },
    nameOf: (index) => labels?.[index] ?? tokens?.decode(index) ?? String(index),
    file: (name, what) => {
      const tensor = options.targetFiles?.[name];
      if (tensor !== undefined) return tensor;
      throw fail("BadTarget", {
        what: `no ${what} '${name}'`,
        why: "the target names one that is not given",
        fix: "give it in targetFiles",
      });
    },
  };
};

/** What an aim comes to in sample n, as a logit. */
export const scoreAt = ({ values, sizes, scoring }: Scene, n: number, aim: Aim): number =>
  aimScore(sampleOf(values, n), sizes, aim, "logit", scoring);

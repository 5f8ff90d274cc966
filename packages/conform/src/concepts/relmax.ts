/** Reference samples: the largest statistics of every channel, their samples and positions. */
import {
  type ConceptTask,
  concepts,
  type ExplainOptions,
  type Mode,
  maxOf,
  parseRecipe,
  type Ranked,
  type Statistic,
  type Tensor,
} from "@backlit/core";
import type { Case, Expectation } from "../cases.ts";
import { caseArray } from "../verdict.ts";
import type { Answer, Given } from "./given.ts";

interface Ranking extends Omit<Expectation, "targets"> {
  readonly tensor: string;
  readonly mode: Mode;
  readonly statistic: Statistic;
  readonly abs_norm?: boolean;
  readonly top?: number;
  readonly by_class?: string;
  readonly targets?: "labels" | "predicted";
  readonly samples?: string;
  readonly positions?: string;
  readonly clear?: string;
}

export const ranked = async ({ it, lit, inputs }: Given, expectation: Expectation): Promise<Answer> => {
  const asked = expectation as unknown as Ranking;
  const labels = Array.from(inputs.labels!.data as BigInt64Array, Number);
  const { tensor, mode, statistic, abs_norm: share = false, top, by_class } = asked;
  const { recipe } = parseRecipe({
    method: "lrp",
    composite: asked.composite ?? "epsilon",
    seed: asked.seed ?? "logit",
    output: it.output!,
  });
  const options: ExplainOptions = { ...recipe, recipe: 1 };
  const x = inputs.input!;
  if (top === undefined) {
    const { channels } = await lit.explain(x, { ...options, target: labels, channels: [tensor] });
    const { dims, [mode]: of } = channels![tensor]!;
    return { got: { type: "float32", dims, data: of[statistic] } };
  }
  const task: ConceptTask = {
    model: it.name,
    data: dataOf(x, asked.targets === "labels" ? labels : undefined),
    values: [tensor],
    options,
    modes: [mode],
    statistic,
    share,
    top,
    perClass: by_class === undefined ? 0 : top,
  };
  const { values } = await concepts([lit], task);
  const { references, channels } = values[tensor]!;
  const found = references[mode]!;
  const lists = by_class === undefined ? [found.top] : classesIn(labels).map((k) => found.byClass[k]!);
  const entries = lists.flatMap((list) =>
    Array.from({ length: top }, (_, rank) =>
      list.map((channel): Ranked => channel[rank] ?? { sample: -1, value: 0, position: -1 }),
    ).flat(),
  );
  const dims = by_class === undefined ? [top, channels] : [lists.length, top, channels];
  const wrong = await wrongIn(it, asked, entries);
  return {
    got: { type: "float32", dims, data: Float32Array.from(entries, ({ value }) => value) },
    ...(wrong > 0 && { wrong: `${wrong} samples or positions are others` }),
  };
};

const classesIn = (labels: readonly number[]): readonly number[] => Array.from({ length: maxOf(labels) + 1 }, (_, k) => k);

/** Places where the sample, or the position, is another, though it is decided. */
const wrongIn = async (it: Case, { samples, positions, clear }: Ranking, entries: readonly Ranked[]): Promise<number> => {
  const read = async (file: string | undefined) =>
    file === undefined ? undefined : Array.from((await caseArray(it.dir, file)).data, Number);
  const [places, spots, decided] = await Promise.all([read(samples), read(positions), read(clear)]);
  const open = (i: number, which: number) => decided !== undefined && decided[which * entries.length + i] === 0;
  return entries.filter(
    ({ sample, position }, i) =>
      (places !== undefined && places[i] !== sample && !open(i, 0)) ||
      (spots !== undefined && spots[i] !== position && !open(i, 0) && !open(i, 1)),
  ).length;
};

/** Chunk by chunk. */
const dataOf = ({ dims, data }: Tensor, labels: readonly number[] | undefined): ConceptTask["data"] => {
  const width = data.length / dims[0]!;
  return {
    name: "input",
    sha256: "",
    count: dims[0]!,
    chunk: 24,
    read: async (from, count) => ({
      x: {
        type: "float32",
        dims: [count, ...dims.slice(1)],
        data: (data as Float32Array).slice(from * width, (from + count) * width),
      },
      names: Array.from({ length: count }, (_, i) => String(from + i)),
      ...(labels && { targets: labels.slice(from, from + count).map((label) => [label]) }),
    }),
  };
};

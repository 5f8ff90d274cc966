/** Heatmaps of a chunk of samples: a method's, in batches of a fixed size, or random ones. */

import { fail, isBacklitError } from "../../errors.ts";
import type { Explainer, Explanation } from "../../explain/index.ts";
import type { ExplainOptions } from "../../explain/types.ts";
import { takesGroups, takesReferences } from "../../methods/beside.ts";
import { randomBy } from "../../numeric/random.ts";
import { externalOf } from "../../onnx/source.ts";
import { canonicalJson } from "../../plan/index.ts";
import { restored } from "../../reading/index.ts";
import { type FloatTensor, widthOf } from "../../tensor/float.ts";
import { rowsBetween, rowsJoined } from "../../tensor/rows.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { memo } from "../memo.ts";
import { explainingOf, innerValue } from "./explaining.ts";
import { type Judge, type Judged, steadyBatch } from "./judge.ts";
import { randomExplaining } from "./random-explaining.ts";
import type { DataChunk, EvaluationTask, MethodChoice } from "./task.ts";

export interface MethodMaps extends Judged {
  readonly recipe: unknown;
  readonly hash: string;
  readonly notices: readonly string[];
}

interface Asked {
  readonly judge: Judge;
  /** Number of the first sample in the data. */
  readonly from: number;
  readonly method: MethodChoice;
  readonly task: EvaluationTask;
}

/** A map a sample, for the class it is judged for. `x`: what the model is fed. Errors are those of `explain` and name the method. */
export const mapsOf = async (lit: Explainer, x: DataChunk["x"], { judge, from, method, task }: Asked): Promise<MethodMaps> =>
  method.options === undefined
    ? randomMaps(lit, judge, { from, seed: task.seed ?? 0, draw: method.draw ?? 0 })
    : explainedBy(lit, x, { judge, from, method, task });

/** Independent normal numbers, one a value. */
const randomMaps = (
  lit: Explainer,
  { x, model: { targets } }: Judge,
  { from, seed, draw }: { readonly from: number; readonly seed: number; readonly draw: number },
): MethodMaps => {
  const width = widthOf(x);
  const random = randomBy(seed);
  const data = new Float32Array(x.data.length);
  for (let n = 0; n < x.dims[0]!; n++) {
    const stream = random.stream(from + n, draw, 3);
    for (let i = 0; i < width; i++) data[n * width + i] = stream.normal();
  }
  const { model } = lit;
  const external = externalOf(lit.options.source ?? {});
  return {
    relevance: { type: "float32", dims: x.dims, data },
    arranged: true,
    memo: memo(),
    explaining: {
      ...randomExplaining({ model, random, draw, targets, ...(external && { external }) }),
      inner: (name) => innerValue(lit, {}, name),
    },
    recipe: { method: "random", draw, seed },
    hash: "",
    notices: [],
  };
};

/** In batches of a fixed size. Errors name the method. */
const explainedBy = async (
  lit: Explainer,
  x: DataChunk["x"],
  { judge, from: first, method, task }: Asked,
): Promise<MethodMaps> => {
  const { x: explained, arrangement, model } = judge;
  const { targets } = model;
  const { aims, against } = model.options;
  // A class is fed sample by sample; A minus B is one question to all.
  const words = against === undefined ? undefined : task.target;
  const { name, options } = method;
  const { explain, output, signal, references, groups, seed = 0 } = task;
  const count = explained.dims[0]!;
  const size = steadyBatch(widthOf(explained));
  const own = { ...options, random: options?.random ?? seed };
  const named = { ...(explain && { explain }), ...(output && { output }), ...own };
  // What auto takes is taken once: metrics that ask for inner values judge the same maps.
  const { choices, notices: taken } = lit.automatic({ ...named, ...(references && { references }), ...(signal && { signal }) });
  const { references: _unread, ...without } = choices;
  const reads = choices.method !== undefined && takesReferences(choices.method, choices.params);
  const grouped = groups !== undefined && choices.method !== undefined && takesGroups(choices.method, choices.params);
  const asked: Omit<ExplainOptions, "target"> = { ...(reads ? choices : without), ...(grouped && { groups }) };
  const parts: Explanation[] = [];
  const ids = Array.from({ length: count }, (_, n) => first + n);
  for (let from = 0; from < count; from += size) {
    const to = Math.min(count, from + size);
    const asks = aims === undefined ? (words ?? targets.slice(from, to)) : { aims: aims.slice(from, to) };
    const own = { target: asks, ids: ids.slice(from, to), batch: size };
    parts.push(await lit.explain(rowsOf(x, from, to, count), { ...asked, ...own }).catch(blaming(name)));
  }
  const { recipe, hash } = parts[0]!;
  return {
    relevance: rowsJoined(parts.map(({ relevance, relevances }) => judge.joined?.(relevances) ?? relevance)),
    ...(judge.joined && { arranged: true as const }),
    memo: memo(),
    ...(isInput(x, restored(explained, arrangement)) && {
      explaining: explainingOf(lit, asked, aims ?? targets, { batch: size, ids, ...(words !== undefined && { target: words }) }),
    }),
    recipe: JSON.parse(canonicalJson(recipe)),
    hash,
    notices: [...taken, ...parts.flatMap(({ notices }, i) => notices.map(renumbered(first + i * size)))],
  };
};

/** Notices count samples from the first of their batch. */
const renumbered =
  (first: number) =>
  (notice: string): string =>
    notice.replace(/\bsample (\d+)\b/g, (_, n) => `sample ${first + Number(n)}`);

const blaming =
  (method: string) =>
  (error: unknown): never => {
    if (!isBacklitError(error) || error._tag === "Aborted") throw error;
    const { where } = error.parts;
    throw fail(
      error._tag,
      { ...error.parts, where: where === undefined ? `method ${method}` : `${where}, method ${method}` },
      error,
    );
  };

/** The explained value is all the model is fed. */
const isInput = (x: DataChunk["x"], { dims }: FloatTensor): boolean => {
  const tensors = isTensor(x) ? [x] : Object.values(x);
  return tensors.length === 1 && tensors[0]!.type.startsWith("float") && tensors[0]!.dims.join() === dims.join();
};

const isTensor = (x: DataChunk["x"]): x is Tensor => "type" in x && "data" in x;

const rowsOf = (x: DataChunk["x"], from: number, to: number, count: number): DataChunk["x"] => {
  if (isTensor(x)) return sliced(x, from, to, count);
  return Object.fromEntries(Object.entries(x).map(([name, tensor]) => [name, sliced(tensor, from, to, count)]));
};

/** Inputs without the batch axis stay. */
const sliced = (tensor: Tensor, from: number, to: number, count: number): Tensor =>
  tensor.dims[0] === count ? rowsBetween(tensor, from, to) : tensor;

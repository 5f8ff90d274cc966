/** One chunk of samples: read and opened when first needed, explained once a method, judged setting by setting. */
import { fail, isBacklitError } from "../errors.ts";
import type { Explainer, Explanation } from "../explain/index.ts";
import { type FloatTensor, widthOf } from "../methods/method.ts";
import { randomBy } from "../methods/random.ts";
import { externalOf } from "../onnx/source.ts";
import { canonicalJson } from "../plan/index.ts";
import type { Tensor } from "../runtime/runtime.ts";
import { thinned } from "./curve-table.ts";
import { explainingOf, innerValue } from "./explaining.ts";
import { type Judge, judgeOf, steadyBatch } from "./judge.ts";
import { type Memo, memo } from "./memo.ts";
import type { Explaining, MeasuredCurve, Trial } from "./metric.ts";
import { metrics } from "./metrics/index.ts";
import { randomExplaining } from "./random-explaining.ts";
import type { EvaluatedSample, EvaluationSetting } from "./result.ts";
import type { DataChunk, EvaluationTask, MethodChoice } from "./run.ts";

/** Plain data, one number or curve a sample. */
export interface ChunkResult {
  readonly scores: Readonly<Record<string, readonly (number | null)[]>>;
  readonly curves: Readonly<
    Record<string, { readonly at: readonly (readonly number[])[]; readonly values: readonly (readonly number[])[] }>
  >;
  readonly ties?: readonly number[];
  readonly samples: readonly EvaluatedSample[];
  readonly recipe: unknown;
  readonly hash: string;
  readonly notices: readonly string[];
}

interface Context {
  readonly task: EvaluationTask;
  readonly seed: number;
  readonly others?: Trial["others"];
}

interface Explained {
  readonly relevance: FloatTensor;
  readonly explaining?: Explaining;
  readonly memo: Memo;
  readonly recipe: unknown;
  readonly hash: string;
  readonly notices: readonly string[];
}

interface Opened {
  readonly data: DataChunk;
  readonly judge: Judge;
}

/** Judges the chunk's samples by one method and setting after another. */
export const chunkRunner = (
  lit: Explainer,
  from: number,
  count: number,
  { task, seed, others }: Context,
): ((method: MethodChoice, setting: EvaluationSetting) => Promise<ChunkResult>) => {
  const kept = memo();
  const open = () =>
    kept.once("open", async (): Promise<Opened> => {
      const data = await task.data.read(from, count);
      const { range, explain, output, signal } = task;
      const judge = await judgeOf(lit, data.x, {
        seed,
        ids: Array.from({ length: count }, (_, n) => from + n),
        ...(data.targets && { targets: data.targets }),
        ...(data.masks && { masks: data.masks }),
        ...(range && { range }),
        ...(others && { others }),
        ...(explain && { explain }),
        ...(output && { output }),
        ...(signal && { signal }),
      });
      return { data, judge };
    });
  const explained = (method: MethodChoice) =>
    kept.once(method, async (): Promise<Explained> => {
      const { data, judge } = await open();
      return method.options === undefined
        ? randomMaps(lit, judge, { from, seed, draw: method.draw ?? 0 })
        : explainedBy(lit, data, judge, method, task);
    });
  return async (method, { metric, params }) => {
    const { data, judge } = await open();
    const { relevance, explaining, memo, recipe, hash, notices } = await explained(method);
    const {
      scores,
      curves = {},
      ties,
    } = await judge.measure(metrics[metric]!, params, {
      relevance,
      memo,
      ...(explaining && { explaining }),
    });
    return {
      scores: Object.fromEntries(Object.entries(scores).map(([name, values]) => [name, Array.from(values, finite)])),
      curves: Object.fromEntries(Object.entries(curves).map(([name, curve]) => [name, plainCurve(curve)])),
      ...(ties && { ties }),
      samples: data.names.map((name, n) => ({
        name,
        target: judge.model.targets[n]!,
        ...(data.labels?.[n] !== undefined && { label: data.labels[n] }),
      })),
      recipe,
      hash,
      notices,
    };
  };
};

/** JSON has no NaN: a curve with one is empty. */
const UNDEFINED = { at: [], values: [] };
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const plainCurve = ({ at, values }: MeasuredCurve) => {
  const thin = at.map((places, n) => (values[n]!.every(Number.isFinite) ? thinned(places, values[n]!) : UNDEFINED));
  return { at: thin.map((curve) => curve.at), values: thin.map((curve) => curve.values) };
};

/** Independent normal numbers, one a value. */
const randomMaps = (
  lit: Explainer,
  { x, model: { targets } }: Judge,
  { from, seed, draw }: { readonly from: number; readonly seed: number; readonly draw: number },
): Explained => {
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
  { x }: DataChunk,
  { x: explained, model: { targets } }: Judge,
  { name, options }: MethodChoice,
  { explain, output, signal, seed = 0 }: EvaluationTask,
): Promise<Explained> => {
  const count = explained.dims[0]!;
  const size = steadyBatch(widthOf(explained));
  const own = { ...options, random: options?.random ?? seed };
  const asked = { ...(explain && { explain }), ...(output && { output }), ...own, ...(signal && { signal }) };
  const parts: Explanation[] = [];
  for (let from = 0; from < count; from += size) {
    const to = Math.min(count, from + size);
    const target = targets.slice(from, to);
    parts.push(await lit.explain(rowsOf(x, from, to, count), { ...asked, target, batch: size }).catch(blaming(name)));
  }
  const { recipe, hash, notices } = parts[0]!;
  return {
    relevance: joined(parts.map(({ relevance }) => relevance)),
    memo: memo(),
    ...(isInput(x, explained) && { explaining: explainingOf(lit, asked, targets, size) }),
    recipe: JSON.parse(canonicalJson(recipe)),
    hash,
    notices,
  };
};

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
const sliced = (tensor: Tensor, from: number, to: number, count: number): Tensor => {
  if (tensor.dims[0] !== count) return tensor;
  const width = tensor.data.length / count;
  return { ...tensor, dims: [to - from, ...tensor.dims.slice(1)], data: tensor.data.slice(from * width, to * width) } as Tensor;
};

const joined = (parts: readonly FloatTensor[]): FloatTensor => {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { type: "float32", dims: [parts.reduce((sum, { dims }) => sum + dims[0]!, 0), ...parts[0]!.dims.slice(1)], data };
};

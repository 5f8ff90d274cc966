/** Running models in tests: text in, plain numbers out. */
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { type Compiled, compileModel } from "../../src/compile/index.ts";
import type { PlanOptions } from "../../src/compile/options.ts";
import type { EmitOptions } from "../../src/emit/index.ts";
import type { TraceFacts } from "../../src/graph/facts.ts";
import { type TraceOptions, trace } from "../../src/graph/trace.ts";
import { TracedModel } from "../../src/graph/traced-model.ts";
import { prepare } from "../../src/lower/prepare.ts";
import { encodeModelBytes } from "../../src/onnx/encode.ts";
import { randomValues } from "../../src/onnx/parse-tensors.ts";
import { parseModel } from "../../src/onnx/parse-text.ts";
import type { ModelProto } from "../../src/onnx/proto.ts";
import type { Recipe } from "../../src/plan/index.ts";
import type { Session } from "../../src/runtime/runtime.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";

export type Feeds = Readonly<Record<string, Tensor>>;

export const floats = (dims: readonly number[], data: ArrayLike<number>): Tensor => ({
  type: "float32",
  dims,
  data: Float32Array.from(data),
});
export const ints = (dims: readonly number[], data: readonly number[]): Tensor => ({
  type: "int64",
  dims,
  data: BigInt64Array.from(data, BigInt),
});
/** Reproducible, uniform in ±scale/2. */
export const noise = (dims: readonly number[], seed: number, scale = 2): Tensor =>
  floats(
    dims,
    randomValues(
      seed,
      dims.reduce((a, b) => a * b, 1),
    ).map((v) => v * scale),
  );
export const numbers = (tensor: Tensor | undefined): number[] => {
  if (tensor === undefined) throw new Error("no such output");
  return Array.from(tensor.data as ArrayLike<number | bigint>, Number);
};

/** `x: [1, 3]` and so on, of all inputs of a model in text form that have fixed sizes. */
export const model = (text: string | ModelProto): ModelProto => (typeof text === "string" ? parseModel(text) : text);

/** A session that is released when the scope ends: `await using session = await sessionOf(m)`. */
export const sessionOf = async (m: string | ModelProto): Promise<Session> =>
  (await nodeRuntime()).createSession(encodeModelBytes(model(m)), { threads: 1 });

export const runModel = async (m: string | ModelProto, feeds: Feeds): Promise<Record<string, Tensor>> => {
  await using session = await sessionOf(m);
  return await session.run(feeds);
};

export const traced = async (m: string | ModelProto, options: TraceOptions = {}): Promise<TraceFacts> =>
  trace(model(m), await nodeRuntime(), options);

/** A model as tracing knows it, without lowering. */
export const tracedModel = async (m: string | ModelProto, options: TraceOptions = {}): Promise<TracedModel> =>
  new TracedModel(model(m), await traced(m, options));

export interface Question extends EmitOptions, PlanOptions, TraceOptions {
  readonly recipe?: Recipe;
  readonly facts?: TraceFacts;
}

export interface Answer {
  readonly compiled: Compiled;
  readonly out: Record<string, Tensor>;
  /** Relevance of the first explained value. */
  readonly relevance: number[];
}

/** Compiles and runs. `seed` and `target` inputs are fed under the names the artefact gave them. */
export const explain = async (
  source: string | ModelProto,
  feeds: Feeds,
  { recipe = {}, facts, ...options }: Question = {},
  extra: { readonly seed?: Tensor; readonly target?: Tensor } = {},
): Promise<Answer> => {
  const m = model(source);
  const ready = facts === undefined ? await prepare(m, await nodeRuntime(), options) : new TracedModel(m, facts);
  const compiled = compileModel(ready, recipe, options);
  const { names } = compiled;
  const out = await runModel(compiled.model, {
    ...feeds,
    ...(names.seedInput && extra.seed && { [names.seedInput]: extra.seed }),
    ...(names.targetInput && extra.target && { [names.targetInput]: extra.target }),
  });
  return { compiled, out, relevance: numbers(out[Object.values(names.relevance)[0]!]) };
};

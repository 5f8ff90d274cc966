/** What all doors share: the models, the threads, the limits. */
import { fail } from "@backlit/core";
import { receivedError, type Tensors } from "@backlit/workbench";
import type { Pool } from "../pool/index.ts";
import type { Settings } from "../settings/index.ts";
import type { Asked, Description, ExplainTask, InferTask, ModelName, Results } from "../work/messages.ts";
import { type Cache, contentKey } from "./cache.ts";
import type { Metrics } from "./metrics.ts";

export interface Served {
  readonly model: ModelName;
  readonly description: Description;
}

export interface Service {
  readonly models: ReadonlyMap<string, Served>;
  readonly pool: Pool;
  readonly settings: Settings;
  readonly metrics: Metrics;
  readonly cache: Cache<Results["explain"]>;
  /** No new work is taken. */
  readonly draining: boolean;
}

/** Errors: NotFound. */
export const servedIn = ({ models }: Service, name: string): Served => {
  const served = models.get(name);
  if (served === undefined)
    throw fail("NotFound", { what: `no model is called '${name}'`, fix: `there are ${[...models.keys()].join(", ")}` });
  return served;
};

export type Inference = Omit<InferTask, "do" | "model" | "feeds"> & { readonly feeds: InferTask["feeds"][number] };

/** Tensors through a model, with others' where rows may run together. Errors: those of the work; Refused. */
export const inferIn = async (
  service: Service,
  { model, description }: Served,
  task: Inference,
  signal?: AbortSignal,
): Promise<Tensors> => {
  const { feeds, outputs, asked } = task;
  const rows = Object.values(feeds)[0]?.dims[0];
  const even = rows !== undefined && rows > 0 && Object.values(feeds).every(({ dims }) => dims[0] === rows);
  const join = description.joins && even && service.settings.max_batch_size > 1;
  const shapes = Object.entries(feeds).map(([name, { type, dims }]) => [name, type, dims.slice(1)]);
  const key = JSON.stringify([model.name, model.generation, shapes.sort(), [...outputs].sort(), asked]);
  const [answer] = await timed(service, { model, asked, explains: outputs.some((name) => isAdded(description, name)) }, () =>
    service.pool.run(
      { do: "infer", model, feeds: [feeds], outputs, asked },
      { ...(signal && { signal }), ...(join && { joins: { key, rows } }) },
    ),
  );
  if ("error" in answer!) throw receivedError(answer.error);
  return answer!.tensors;
};

export interface Answered<T> {
  readonly value: T;
  /** It had been asked before. */
  readonly kept: boolean;
}

/** Files explained, or the answer to the same question. Errors: those of the work; Refused. */
export const explainIn = async (
  service: Service,
  task: Omit<ExplainTask, "do">,
  options: { readonly signal?: AbortSignal; readonly progress?: (text: string) => void; readonly explains?: boolean } = {},
): Promise<Answered<Results["explain"]>> => {
  const { cache, pool } = service;
  const { model, inputs, files = {}, asked, form } = task;
  const { explains = true, ...run } = options;
  const key =
    cache.bytes > 0
      ? contentKey([model.name, model.generation, asked, form, Object.keys(files)], [...inputs, ...Object.values(files)])
      : "";
  const known = cache.get(key);
  if (known !== undefined) return { value: known, kept: true };
  const value = await timed(service, { model, asked, explains }, () =>
    pool.run({ do: "explain", ...task, ...(run.progress && { told: true }) }, run),
  );
  if (cache.bytes > 0) cache.set(key, value);
  return { value, kept: false };
};

const isAdded = ({ added }: Description, output: string): boolean => added.some(({ name }) => name === output);

interface Timed {
  readonly model: ModelName;
  readonly asked: Asked;
  readonly explains: boolean;
}

/** Seconds of what succeeds, by model, and by method where there is one. */
const timed = async <T>({ metrics }: Service, { model, asked, explains }: Timed, work: () => Promise<T>): Promise<T> => {
  const started = performance.now();
  const value = await work();
  const seconds = (performance.now() - started) / 1000;
  if (explains) metrics.explain.observe({ model: model.name, method: asked.method ?? "auto" }, seconds);
  else metrics.predict.observe({ model: model.name }, seconds);
  return value;
};

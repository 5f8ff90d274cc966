/** Puts a run into the queue: its files into the store, its description beside them, its name into the queue. */
import { canonicalJson, VERSION } from "@backlit/core";
import { type JobContext, type UnitJobName, type UnitJobRequest, type UnitKind, unitKinds } from "@backlit/workbench";
import type { Queue } from "bullmq";
import { recorded } from "./inputs/recorded.ts";
import { stage } from "./inputs/stage.ts";
import { brokerAt, reached } from "./queue/connect.ts";
import { RUNS, type RunData } from "./queue/data.ts";
import { FAN } from "./queue/ranges.ts";
import { type RunRecord, recordName } from "./run-record.ts";
import { json, type Objects, sha256Of } from "./store/objects.ts";
import { openObjects } from "./store/open.ts";

export interface Submission<N extends UnitJobName = UnitJobName> {
  readonly queue: string;
  readonly store: string;
  readonly kind: N;
  readonly request: UnitJobRequest<N>;
  /** Paths whose files are read unit by unit: all of them go along. */
  readonly data: readonly string[];
  readonly title: string;
  readonly mixed?: boolean;
  /** Where relative paths begin. */
  readonly cwd: string;
}

export interface Submitted {
  readonly run: string;
  readonly units: number;
  /** It was in the queue already. */
  readonly known: boolean;
}

/**
 * The model and the data are opened here first, so that what is wrong with the request is said at once. Errors: Usage, Store, those of
 * the job.
 */
export const submit = async <N extends UnitJobName>(given: Submission<N>, context: JobContext): Promise<Submitted> => {
  const { queue: url, store, kind, request, data, title, mixed = false, cwd } = given;
  const queue = await reached(brokerAt(url).queue<RunData>(RUNS), url);
  await using _ = { [Symbol.asyncDispose]: () => queue.close() };
  const objects = openObjects(store);
  const { host, seen } = recorded(context.host, cwd);
  const { openUnits } = (await unitKinds[kind]()) as UnitKind<unknown>;
  const { store: __, workers: ___, ...asked } = request as { readonly store?: string; readonly workers?: number };
  const units = await openUnits(asked, { ...context, host });
  const { count } = units;
  await units[Symbol.asyncDispose]();
  const { listener } = context;
  const manifest = await stage({
    ...{ objects, files: context.host.files, cwd, seen, whole: data },
    progress: (done, total) => listener.working(`${done} of ${total} files stored`),
  });
  const record: RunRecord = { v: 1, version: VERSION, kind, request: asked, manifest, mixed, title };
  return { ...(await enqueue(queue, objects, record, FAN)), units: count };
};

/** What `enqueueRun` takes. */
interface OwnRun extends Pick<RunRecord, "kind" | "request" | "title"> {
  readonly mixed?: boolean;
  /** Units that a worker puts into the queue at once, when no others wait; default 1000. */
  readonly fan?: number;
}

/** A run of a kind of the caller's own, whose workers know it by name and need no files. Errors: Usage, Store. */
export const enqueueRun = async (
  url: string,
  store: string,
  { kind, request, title, mixed = false, fan = FAN }: OwnRun,
): Promise<string> => {
  const queue = await reached(brokerAt(url).queue<RunData>(RUNS), url);
  await using _ = { [Symbol.asyncDispose]: () => queue.close() };
  const manifest = { v: 1, cwd: "/", files: {}, bundled: {} } as const;
  const record: RunRecord = { v: 1, version: VERSION, kind, request, manifest, mixed, title };
  const { run } = await enqueue(queue, openObjects(store), record, fan);
  return run;
};

/** Puts a run's record into the store and its name into the queue; one that failed or was cancelled begins again, and what was done stays done. */
const enqueue = async (
  queue: Queue<RunData>,
  objects: Objects,
  record: RunRecord,
  fan: number,
): Promise<Pick<Submitted, "run" | "known">> => {
  const run = sha256Of(canonicalJson(record as never));
  await objects.put(recordName(run), json(record));
  const known = await queue.getJob(run);
  const state = await known?.getState();
  if (state === "failed") await known!.remove({ removeChildren: true });
  else if (known !== undefined) return { run, known: true };
  const { kind, title, mixed } = record;
  const data: RunData = { v: 1, run, store: objects.place, kind, title, mixed, fan, step: "plan" };
  // Jobs in the queue are kept for a month, to be looked at; results stay in the store.
  await queue.add(kind, data, {
    jobId: run,
    attempts: 1,
    removeOnComplete: { age: MONTH },
    removeOnFail: { age: MONTH },
  });
  return { run, known: false };
};
const MONTH = 30 * 24 * 3600;

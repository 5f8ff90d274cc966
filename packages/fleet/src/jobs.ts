/** What is in the queue, for people: how far runs are, which units failed; and what people do with runs. */
import { fail } from "@backlit/core";
import type { Queue } from "bullmq";
import { brokerAt, closed, type JobOf, reached } from "./queue/connect.ts";
import { CANCELLED, isCancelled, RUNS, type RunData, type UnitData, unitsQueue } from "./queue/data.ts";
import { type Outcome, outcomeOf } from "./queue/outcome.ts";
import { isFlat } from "./queue/ranges.ts";
import { type RunResult, type RuntimeKind, resultName } from "./run-record.ts";
import { blobName, readJson, sha256Of } from "./store/objects.ts";
import { openObjects } from "./store/open.ts";

export interface RunState {
  readonly run: string;
  readonly kind: string;
  readonly title: string;
  readonly store: string;
  readonly state: "waiting" | "planning" | "running" | "collecting" | "done" | "failed" | "cancelled";
  /** Units, of those planned; undefined before. */
  readonly done: number;
  readonly failed: number;
  readonly units?: number;
  readonly bound?: RuntimeKind;
  /** Why it failed; the units at fault are named. */
  readonly why?: string;
  /** Milliseconds since 1970, by the submitter's clock. */
  readonly submitted: number;
}

export interface Jobs extends AsyncDisposable {
  /** The latest first. */
  list(): Promise<readonly RunState[]>;
  /** By the first letters of its name. Errors: NotFound, Usage where several begin so. */
  find(start: string): Promise<RunState>;
  /** Units that run are stopped, those that wait are passed over; what was done stays in the store. */
  cancel(run: string): Promise<void>;
}

export interface CollectedRun {
  readonly kind: string;
  /** What the job gives: plain JSON. */
  readonly result: unknown;
  /** One by one, each right by its hash. */
  files(): AsyncIterable<{ readonly path: string; readonly bytes: Uint8Array }>;
}

/** States of runs that have not ended. */
const MOVING = ["waiting", "active", "waiting-children"] as const;

/** Errors: Usage, Store. */
export const jobsAt = async (url: string): Promise<Jobs> => {
  const broker = brokerAt(url);
  const queue = await reached(broker.queue<RunData>(RUNS), url);
  const opened = new Map<string, Queue<UnitData>>();
  const unitsOf = (name: string): Queue<UnitData> => {
    const queue = opened.get(name) ?? closed(broker.queue<UnitData>(name)).queue;
    opened.set(name, queue);
    return queue;
  };
  /** Of ranges of a run that wait for their parts, or are about to. */
  const ranges = async ({ run, bound, mixed }: RunData): Promise<readonly Outcome[]> => {
    const jobs = await unitsOf(unitsQueue(mixed ? undefined : bound)).getJobs(["active", "waiting-children"]);
    const cut = jobs.filter((job) => job?.data.run === run && job.data.cut);
    return Promise.all(cut.map((job) => outcomeOf(job, job.data.range!, job.data.fan!)));
  };
  const list = async () => {
    const asked = await queue.getJobs([...MOVING, "completed", "failed"]);
    // PostgreSQL is asked for one state after another: a run that goes on meanwhile is met the second time.
    const again = await queue.getJobs([...MOVING]);
    // One that ends between two answers is gone.
    const jobs = new Map([...asked, ...again].filter(Boolean).map((job) => [job.id, job]));
    const states = await Promise.all([...jobs.values()].map((job) => stateOf(job, { ranges, queue })));
    return states.sort((a, b) => b.submitted - a.submitted);
  };
  return {
    list,
    find: async (start) => {
      const found = (await list()).filter(({ run }) => run.startsWith(start));
      if (found.length === 1) return found[0]!;
      if (found.length > 1)
        throw fail("Usage", { what: `run ${start}`, why: `${found.length} begin so`, fix: "give more letters" });
      throw fail("NotFound", { what: `no run ${start}`, fix: "backlit jobs lists them" });
    },
    cancel: (run) => cancel(queue, run),
    [Symbol.asyncDispose]: async () => void (await Promise.all([queue, ...opened.values()].map((one) => one.close()))),
  };
};

const cancel = async (queue: Queue<RunData>, run: string): Promise<void> => {
  const job = await queue.getJob(run);
  if (job === undefined) throw fail("NotFound", { what: `no run ${run}` });
  // Units that wait stay where they are and are passed over: taking them out would have to wait for those that run.
  await job.updateProgress(CANCELLED);
};

interface Seen {
  readonly queue: Queue<RunData>;
  ranges(data: RunData): Promise<readonly Outcome[]>;
}

const stateOf = async (job: JobOf<RunData>, { queue, ranges }: Seen): Promise<RunState> => {
  const { run, kind, title, store, step, units, fan, bound } = job.data;
  const of = await job.getState();
  const whole = [0, units ?? 0] as const;
  const below = of === "waiting-children" && !isFlat(whole, fan) ? await ranges(job.data) : [];
  const outcomes = [await outcomeOf(job, whole, fan), ...below];
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  const done = outcomes.reduce((sum, outcome) => sum + outcome.done, 0);
  const cancelled = isCancelled(job);
  const working = { plan: "planning", units: "running", collect: "collecting" } as const;
  const state =
    of === "completed"
      ? "done"
      : of === "failed"
        ? cancelled
          ? "cancelled"
          : "failed"
        : of === "waiting" && step === "plan"
          ? "waiting"
          : working[step];
  // It may have failed since it was read.
  const why = of === "failed" ? (job.failedReason ?? (await queue.getJob(run))?.failedReason) : undefined;
  return {
    ...{ run, kind, title, store, state, failed, submitted: job.timestamp },
    // What collects is a child like the units.
    done: Math.min(done, units ?? 0),
    ...(units !== undefined && { units }),
    ...(bound && { bound }),
    ...(why !== undefined && { why }),
  };
};

/** What a run that is done came to. `store`: as this machine names it; default: as the submitter did. Errors: NotFound, Store, BadInput for damaged files. */
export const collected = async ({ run, kind, state, store: own }: RunState, store = own): Promise<CollectedRun> => {
  const objects = openObjects(store);
  const found = await readJson<RunResult>(objects, resultName(run));
  if (found === undefined)
    throw fail("NotFound", { what: `no result of run ${run.slice(0, 12)}`, where: objects.place, why: `it is ${state}` });
  return {
    kind,
    result: found.result,
    files: async function* () {
      for (const [path, sha256] of found.files) {
        const bytes = await objects.get(blobName(sha256));
        if (bytes === undefined || sha256Of(bytes) !== sha256)
          throw fail("BadInput", {
            what: "a damaged result",
            where: `${objects.place}, ${blobName(sha256)}`,
            fix: "submit the run again",
          });
        yield { path, bytes };
      }
    },
  };
};

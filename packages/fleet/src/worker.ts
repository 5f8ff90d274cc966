/** A worker of the fleet: takes runs and units from the queue, has its threads do them. */
import type { Worker as QueueWorker } from "bullmq";
import { Crew, type CrewOptions } from "./crew.ts";
import { brokerAt, reached } from "./queue/connect.ts";
import { RUNS, type RunData, TRIES, type UnitData, unitsQueue } from "./queue/data.ts";
import { processRun } from "./queue/runs.ts";
import { processRange, processUnit } from "./queue/units.ts";
import { kindText, type RuntimeKind, sameKind } from "./run-record.ts";
import type { Task } from "./work/messages.ts";

export interface FleetWorkerOptions {
  /** URL of the queue. */
  readonly queue: string;
  /** Threads, a unit each at a time; default 1. */
  readonly threads?: number;
  /** A thread that runs `workIn`. */
  readonly start: CrewOptions["start"];
  /** The store as this machine names it, where that is not the submitter's name. */
  readonly store?: string | undefined;
  /** A unit is another worker's when nothing was heard of this one for so many seconds; default 30. */
  readonly lock?: number | undefined;
  /** What the user should know; the same may be said twice. */
  note(text: string): void;
  /** A unit, or a step of a run, that was done here. */
  done?(what: string): void;
}

export interface FleetWorker {
  readonly kind: RuntimeKind;
  /** Takes nothing new, ends when what runs is done. */
  close(): Promise<void>;
}

/** Errors: Usage, Store for a queue that does not answer. */
export const startFleetWorker = async (options: FleetWorkerOptions): Promise<FleetWorker> => {
  const { queue: url, threads = 1, start, store, lock = 30, note, done = () => {} } = options;
  const broker = brokerAt(url);
  const runs = await reached(broker.queue<RunData>(RUNS), url);
  const crew = new Crew({ size: threads, start, note: once(note) });
  const kind = (await crew.run({ do: "who" })) as RuntimeKind;
  const run = (task: Task, signal?: AbortSignal) =>
    crew.run(store === undefined || task.do === "who" ? task : { ...task, store }, signal);

  const timing = {
    lockDuration: 1000 * lock,
    lockRenewTime: (1000 * lock) / 3,
    stalledInterval: 500 * lock,
    // A unit that ends its worker is tried no more often than one that fails; planning survives any number of them.
    maxStalledCount: TRIES - 1,
    runRetryDelay: 1000,
    drainDelay: 2,
  };
  const decline = async () => {
    for (const job of await runs.getJobs(["waiting-children"]))
      if (job?.data.bound && !sameKind(job.data.bound, kind))
        once(note)(
          `run ${job.id!.slice(0, 12)} is bound to ${kindText(job.data.bound)} and not worked on here (${kindText(kind)}); submit it with --mixed`,
        );
  };
  const passed = { run: "", at: 0 };
  const steps = { broker, runs, run, passed };
  const unit = async (job: Parameters<typeof processUnit>[0], token?: string) => {
    if (job.data.range) return processRange(job, token!, steps);
    if (await processUnit(job, steps))
      done(`${job.data.run.slice(0, 12)} ${job.data.unit === undefined ? "collected" : `unit ${job.data.unit}`}`);
    return null;
  };
  const step = async (job: Parameters<typeof processRun>[0], token?: string) => {
    await decline().catch(() => {});
    return processRun(job, token!, { broker, run });
  };
  const workers: QueueWorker<never>[] = [
    broker.worker<RunData>(RUNS, step, { ...timing, maxStalledCount: 1000 }) as never,
    ...[kind, undefined].map((of) => broker.worker<UnitData>(unitsQueue(of), unit, { ...timing, concurrency: threads }) as never),
  ];
  const said = once(note);
  for (const worker of workers) worker.on("error", (error) => said(`the queue: ${error.message}`));
  await decline().catch(() => {});
  return {
    kind,
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
      await runs.close();
      await crew.close();
    },
  };
};

/** The same line is not said again within ten seconds: an outage is one. */
const once = (note: (text: string) => void) => {
  const last = new Map<string, number>();
  return (text: string): void => {
    const now = performance.now();
    if (now - (last.get(text) ?? Number.NEGATIVE_INFINITY) < 10_000) return;
    last.set(text, now);
    note(text);
  };
};

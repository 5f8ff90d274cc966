/** A run in the queue, step by step: planned by one worker, its units done by all, collected by one. Any worker may take the next step. */
import { type Queue, UnrecoverableError, WaitingChildrenError } from "bullmq";
import type { Planned, Task } from "../work/messages.ts";
import type { Broker, JobOf } from "./connect.ts";
import { isCancelled, type RunData, TRIES, type UnitData, unitsQueue } from "./data.ts";

export interface RunSteps {
  readonly broker: Broker;
  run(task: Task): Promise<unknown>;
}

/** Jobs sent to the queue in one message. */
const BATCH = 1000;

/** What of a run failed, named: so many units at most. */
const NAMED = 10;

export const processRun = async (job: JobOf<RunData>, token: string, { broker, run }: RunSteps): Promise<null> => {
  if (isCancelled(job)) throw new UnrecoverableError("cancelled");
  const { run: id, store } = job.data;
  const parent = { id: job.id!, queue: job.queueQualifiedName };
  let { data } = job;
  const next = async (more: Partial<RunData>) => {
    data = { ...data, ...more };
    await job.updateData(data);
  };
  /** Until all children have ended; then the step goes on from here. */
  const children = async () => {
    if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
  };
  const opts = { attempts: TRIES, removeOnComplete: true, removeOnFail: true, ignoreDependencyOnFailure: true, parent };
  const queue = (): Queue<UnitData> => broker.queue<UnitData>(unitsQueue(data.bound));

  if (data.step === "plan") {
    const { units, bound } = (await run({ do: "plan", run: id, store })) as Planned;
    if (bound) data = { ...data, bound };
    await using closing = closed(queue());
    for (let from = 0; from < units; from += BATCH)
      await closing.queue.addBulk(
        Array.from({ length: Math.min(BATCH, units - from) }, (_, i) => ({
          name: "unit",
          data: { v: 1 as const, run: id, store, unit: from + i },
          opts: { ...opts, jobId: `${id}-${from + i}` },
        })),
      );
    await next({ step: "units", units });
  }
  if (data.step === "units") {
    await children();
    const failures = Object.entries(await job.getIgnoredChildrenFailures());
    if (failures.length > 0) throw new UnrecoverableError(failureText(failures, data.units!));
    await using closing = closed(queue());
    await closing.queue.add("collect", { v: 1, run: id, store }, { ...opts, jobId: `${id}-collect` });
    await next({ step: "collect" });
  }
  await children();
  const [failure] = Object.values(await job.getIgnoredChildrenFailures());
  if (failure !== undefined) throw new UnrecoverableError(`not collected: ${failure}`);
  return null;
};

const closed = (queue: Queue<UnitData>) => {
  queue.on("error", () => {}); // what does not go through is thrown where it was asked
  return { queue, [Symbol.asyncDispose]: () => queue.close() };
};

const failureText = (failures: readonly (readonly [string, string])[], units: number): string => {
  const named = failures
    .map(([key, why]) => [Number(key.slice(key.lastIndexOf("-") + 1)), why] as const)
    .sort(([a], [b]) => a - b);
  const shown = named.slice(0, NAMED).map(([unit, why]) => `unit ${unit}: ${why}`);
  const more = named.length > NAMED ? [`${named.length - NAMED} more`] : [];
  return `${failures.length} of ${units} units failed ${TRIES} times: ${[...shown, ...more].join("; ")}`;
};

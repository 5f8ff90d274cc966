/** A run in the queue, step by step: planned by one worker, its units done by all, collected by one. Any worker may take the next step. */
import { type Queue, UnrecoverableError, WaitingChildrenError } from "bullmq";
import type { Planned, Task } from "../work/messages.ts";
import { type Broker, closed, type JobOf } from "./connect.ts";
import { isCancelled, type RunData, type UnitData, unitsQueue } from "./data.ts";
import { failureText, outcomeOf } from "./outcome.ts";
import { addParts, childOptions } from "./ranges.ts";

export interface RunSteps {
  readonly broker: Broker;
  run(task: Task): Promise<unknown>;
}

export const processRun = async (job: JobOf<RunData>, token: string, { broker, run }: RunSteps): Promise<null> => {
  if (isCancelled(job)) throw new UnrecoverableError("cancelled");
  const { run: id, store, fan } = job.data;
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
  const queue = (): Queue<UnitData> => broker.queue<UnitData>(unitsQueue(data.bound));

  if (data.step === "plan") {
    const { units, bound } = (await run({ do: "plan", run: id, store })) as Planned;
    if (bound) data = { ...data, bound };
    await using closing = closed(queue());
    await addParts(closing.queue, parent, { run: id, store, fan, range: [0, units] });
    await next({ step: "units", units });
  }
  if (data.step === "units") {
    await children();
    const outcome = await outcomeOf(job, [0, data.units!], fan);
    if (outcome.failed > 0) throw new UnrecoverableError(failureText(outcome, data.units!));
    await using closing = closed(queue());
    await closing.queue.add("collect", { v: 1, run: id, store }, { ...childOptions(parent), jobId: `${id}-collect` });
    await next({ step: "collect" });
  }
  await children();
  const [failure] = Object.values(await job.getIgnoredChildrenFailures());
  if (failure !== undefined) throw new UnrecoverableError(`not collected: ${failure}`);
  return null;
};

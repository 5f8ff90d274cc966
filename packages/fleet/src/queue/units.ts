/** A unit from the queue: computed in a thread, stopped when its run is cancelled. Or a range of units, put into the queue. */
import { type Queue, WaitingChildrenError } from "bullmq";
import type { Task } from "../work/messages.ts";
import { type Broker, closed, type JobOf } from "./connect.ts";
import { isCancelled, type RunData, type UnitData } from "./data.ts";
import { NOTHING, type Outcome, outcomeOf } from "./outcome.ts";
import { addParts } from "./ranges.ts";

export interface UnitSteps {
  readonly broker: Broker;
  readonly runs: Queue<RunData>;
  run(task: Task, signal: AbortSignal): Promise<unknown>;
  /** The run that was found cancelled last: its units are not asked about one by one. */
  readonly passed: { run: string; at: number };
}

/** Milliseconds between two looks whether the run is still wanted. */
const LOOK = 2000;

/** Whether the job's run is still wanted. */
const isWanted = async ({ run }: UnitData, runs: Queue<RunData>): Promise<boolean> => {
  const job = await runs.getJob(run);
  return job !== undefined && !isCancelled(job);
};

/** Cuts a range, then waits for its parts: other jobs are done in the meantime. */
export const processRange = async (job: JobOf<UnitData>, token: string, { broker, runs }: UnitSteps): Promise<Outcome> => {
  const { run, store, range, fan, cut } = job.data;
  const given = { run, store, range: range!, fan: fan! };
  if (!cut) {
    if (!(await isWanted(job.data, runs))) return NOTHING;
    await using closing = closed(broker.queue<UnitData>(job.queueName));
    await addParts(closing.queue, { id: job.id!, queue: job.queueQualifiedName }, given);
    // When its parts have ended it goes before all that waits.
    await job.changePriority({ priority: 0 });
    await job.updateData({ ...job.data, cut: true });
  }
  if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
  return outcomeOf(job, given.range, given.fan);
};

/** Whether it was done. */
export const processUnit = async ({ data }: JobOf<UnitData>, { runs, run, passed }: UnitSteps): Promise<boolean> => {
  const wanted = () => isWanted(data, runs);
  // Submitted again, a run has units of its own, whose first try asks.
  if (passed.run === data.run && performance.now() - passed.at < LOOK) return false;
  if (!(await wanted())) {
    Object.assign(passed, { run: data.run, at: performance.now() });
    return false;
  }
  const stop = new AbortController();
  // A queue that does not answer cancels nothing.
  const looking = setInterval(
    () =>
      void wanted().then(
        (still) => still || stop.abort(),
        () => {},
      ),
    LOOK,
  );
  const { store, unit } = data;
  try {
    await run(
      unit === undefined ? { do: "collect", run: data.run, store } : { do: "unit", run: data.run, store, unit },
      stop.signal,
    );
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    clearInterval(looking);
  }
  return !stop.signal.aborted;
};

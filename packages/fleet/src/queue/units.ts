/** A unit from the queue: computed in a thread, stopped when its run is cancelled. */
import type { Queue } from "bullmq";
import type { Task } from "../work/messages.ts";
import type { JobOf } from "./connect.ts";
import { isCancelled, type RunData, type UnitData } from "./data.ts";

export interface UnitSteps {
  readonly runs: Queue<RunData>;
  run(task: Task, signal: AbortSignal): Promise<unknown>;
  /** The run that was found cancelled last: its units are not asked about one by one. */
  readonly passed: { run: string; at: number };
}

/** Milliseconds between two looks whether the run is still wanted. */
const LOOK = 2000;

/** Whether it was done. */
export const processUnit = async ({ data }: JobOf<UnitData>, { runs, run, passed }: UnitSteps): Promise<boolean> => {
  const wanted = async (): Promise<boolean> => {
    const job = await runs.getJob(data.run);
    return job !== undefined && !isCancelled(job);
  };
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

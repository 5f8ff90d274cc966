/** Units in ranges: a range waits as one job and is cut when a worker has nothing else to do, so that a queue never holds all units of a large run. */
import type { JobsOptions, Queue } from "bullmq";
import { type Range, TRIES, type UnitData } from "./data.ts";

/** Parts of a range at most, and units that one worker puts into the queue at once. */
export const FAN = 1000;

const sizeOf = ([from, to]: Range): number => to - from;
export const isFlat = (range: Range, fan: number): boolean => sizeOf(range) <= fan;

/** How often a range is cut until its parts are units. */
const depthOf = (range: Range, fan: number): number => {
  let depth = 1;
  for (let covered = fan; covered < sizeOf(range); covered *= fan) depth++;
  return depth;
};

/**
 * Single units where `fan` suffices, else ranges of fan^k units, the last one shorter.
 *
 * @internal Exported for its tests.
 */
export const partsOf = (range: Range, fan: number): readonly Range[] => {
  const [from, to] = range;
  const size = fan ** (depthOf(range, fan) - 1);
  return Array.from({ length: Math.ceil(sizeOf(range) / size) }, (_, i) => [
    from + i * size,
    Math.min(to, from + (i + 1) * size),
  ]);
};

/** Failures of children do not end the parent: it names them. */
export const childOptions = (parent: JobsOptions["parent"]): JobsOptions => ({
  attempts: TRIES,
  removeOnComplete: true,
  removeOnFail: true,
  ignoreDependencyOnFailure: true,
  ...(parent && { parent }),
});

/** Puts the parts of a range into the queue, in one message. Doing it twice adds none. */
export const addParts = async (
  queue: Queue<UnitData>,
  parent: JobsOptions["parent"],
  { run, store, fan, range }: Pick<UnitData, "run" | "store"> & { readonly fan: number; readonly range: Range },
): Promise<void> => {
  const opts = childOptions(parent);
  const base = { v: 1, run, store } as const;
  const jobs = partsOf(range, fan).map((part) => {
    const [from, to] = part;
    if (isFlat(range, fan)) return { name: "unit", data: { ...base, unit: from }, opts: { ...opts, jobId: `${run}-${from}` } };
    // Jobs without a priority go first, then the smallest number: what is cut is done before more is.
    const priority = depthOf(part, fan);
    return { name: "range", data: { ...base, fan, range: part }, opts: { ...opts, priority, jobId: `${run}-${from}-${to}` } };
  });
  if (jobs.length > 0) await queue.addBulk(jobs);
};

/** What became of a range of units, handed upward from range to run. */
import type { JobOf } from "./connect.ts";
import { type Range, type RunData, TRIES, type UnitData } from "./data.ts";
import { isFlat } from "./ranges.ts";

export interface Outcome {
  readonly done: number;
  readonly failed: number;
  /** The first of those that failed, and why. */
  readonly named: readonly (readonly [unit: number, why: string])[];
}

export const NOTHING: Outcome = { done: 0, failed: 0, named: [] };

/** What of a run failed, named: so many units at most. */
const NAMED = 10;

const sum = (outcomes: readonly Outcome[]): Outcome => ({
  done: outcomes.reduce((total, { done }) => total + done, 0),
  failed: outcomes.reduce((total, { failed }) => total + failed, 0),
  named: outcomes
    .flatMap(({ named }) => named)
    .sort(([a], [b]) => a - b)
    .slice(0, NAMED),
});

type Parent = Pick<JobOf<RunData | UnitData>, "getIgnoredChildrenFailures" | "getChildrenValues" | "getDependenciesCount">;

/** Of a job's children so far; those of a range that itself waits for children are its own. */
export const outcomeOf = async (job: Parent, range: Range, fan: number): Promise<Outcome> => {
  const failures = Object.entries(await job.getIgnoredChildrenFailures()).map(([key, why]) => failureOf(key, why));
  if (isFlat(range, fan)) {
    const { processed = 0 } = await job.getDependenciesCount({ processed: true });
    return sum([{ ...NOTHING, done: processed }, ...failures]);
  }
  const values: readonly (Outcome | null)[] = Object.values(await job.getChildrenValues());
  return sum([...failures, ...values.filter((value) => value !== null)]);
};

/** A child's key ends in its unit, or in the two ends of its range. */
const failureOf = (key: string, why: string): Outcome => {
  const [, from, to] = /-(\d+)(?:-(\d+))?$/.exec(key.slice(key.lastIndexOf(":"))) ?? [];
  const failed = to === undefined ? 1 : Number(to) - Number(from);
  return { done: 0, failed, named: [[Number(from), why]] };
};

export const failureText = ({ failed, named }: Outcome, units: number): string => {
  const shown = named.map(([unit, why]) => `unit ${unit}: ${why}`);
  const more = failed > named.length ? [`${failed - named.length} more`] : [];
  return `${failed} of ${units} units failed ${TRIES} times: ${[...shown, ...more].join("; ")}`;
};

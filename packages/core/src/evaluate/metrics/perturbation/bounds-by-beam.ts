/**
 * Bounds of AOPC by beam search, for more units than all subsets can be asked of: of the orders begun so far those `beam` with the
 * largest (least) sum of falls go on, each by every unit that is left. What is found is an order's AOPC, so the true bounds lie outside.
 */
import { maxOf } from "../../../numeric/extremes.ts";
import { fillingOf } from "../../imputers/index.ts";
import type { Trial } from "../../metric.ts";
import { dropsOf, remove, valuesOf } from "../../removal/drops.ts";
import type { EvaluationScore } from "../../removal/score.ts";
import type { Units } from "../../removal/unit.ts";
import type { Bounds } from "./exact-bounds.ts";
import { meanOf } from "./family.ts";

/** An order begun: its units as a sorted set, and the sum of the falls on the way. */
interface Begun {
  readonly removed: readonly number[];
  readonly sum: number;
}

/** By sample; up to 2 × beam × n² / 2 copies of each. Errors: Runtime, Aborted. */
export const boundsByBeam = async (trial: Trial, units: readonly Units[], beam: number): Promise<readonly Bounds[]> => {
  const start = () => units.map((): readonly Begun[] => [{ removed: [], sum: 0 }]);
  const begun = { least: start(), largest: start() };
  for (let step = 1; step <= maxOf(units.map(({ count }) => count)); step++) {
    // Sets that several orders lead to are asked once.
    const sets = units.map(({ count }, n) => {
      const known = new Map<string, readonly number[]>();
      if (step <= count)
        for (const { removed } of [...begun.least[n]!, ...begun.largest[n]!])
          for (const set of grown(removed, count)) known.set(set.join(), set);
      return known;
    });
    const falls = await fallsOf(
      trial,
      units,
      step,
      sets.map((known) => [...known.values()]),
    );
    const fallOf = sets.map((known, n) => new Map([...known.keys()].map((key, k) => [key, falls[n]![k]!])));
    units.forEach(({ count }, n) => {
      if (step > count) return;
      begun.least[n] = further(begun.least[n]!, count, fallOf[n]!, (a, b) => a.sum - b.sum).slice(0, beam);
      begun.largest[n] = further(begun.largest[n]!, count, fallOf[n]!, (a, b) => b.sum - a.sum).slice(0, beam);
    });
  }
  return units.map(({ count }, n) => ({
    least: begun.least[n]![0]!.sum / (count + 1),
    largest: begun.largest[n]![0]!.sum / (count + 1),
  }));
};

/** All sets with one unit more; sets are sorted. */
const grown = (removed: readonly number[], count: number): number[][] => {
  const sets: number[][] = [];
  for (let unit = 0, below = 0; unit < count; unit++) {
    if (removed[below] === unit) below++;
    else sets.push([...removed.slice(0, below), unit, ...removed.slice(below)]);
  }
  return sets;
};

/** All orders one unit longer, the best first; of those that lead to the same set only the best counts. */
const further = (
  begun: readonly Begun[],
  count: number,
  falls: ReadonlyMap<string, number>,
  better: (a: Begun, b: Begun) => number,
): Begun[] => {
  const known = new Map<string, Begun>();
  for (const { removed, sum } of begun)
    for (const set of grown(removed, count)) {
      const key = set.join();
      const next = { removed: set, sum: sum + falls.get(key)! };
      const other = known.get(key);
      if (other === undefined || better(next, other) < 0) known.set(key, next);
    }
  return [...known.values()].sort(better);
};

/** Falls without each set, the mean over the repeats. */
const fallsOf = async (
  trial: Trial,
  units: readonly Units[],
  step: number,
  sets: readonly (readonly (readonly number[])[])[],
): Promise<readonly Float64Array[]> => {
  const { unit, imputer, repeats, score, beam } = trial.params;
  const drawn: (readonly Float64Array[])[] = [];
  for (let repeat = 0; repeat < Number(repeats); repeat++) {
    const drops = await dropsOf(trial, { beam, unit, imputer, repeats, score, step, repeat }, () => ({
      count: (n) => sets[n]!.length,
      write: (n, k, into) => remove(into, valuesOf(units[n]!, sets[n]![k]!), fillingOf(trial, String(imputer), n, repeat)),
    }));
    drawn.push(drops[score as EvaluationScore]);
  }
  return sets.map((_, n) => meanOf(drawn.map((of) => of[n]!)));
};

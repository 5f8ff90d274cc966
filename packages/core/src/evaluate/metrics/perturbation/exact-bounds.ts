/**
 * Least and largest AOPC over all n! orders, exactly: an order is a path through the subsets of units, and AOPC the mean of the falls
 * d(S) = f(x) − f(x without S) along it. best(S) = d(S) + max over u ∈ S of best(S \ u) (Held and Karp 1962).
 */

import { fillingOf } from "../../imputers/index.ts";
import type { Trial } from "../../metric.ts";
import { type Drops, dropsOf, remove, valuesOf } from "../../removal/drops.ts";
import type { EvaluationScore } from "../../removal/score.ts";
import type { Units } from "../../removal/unit.ts";
import { meanOf } from "./family.ts";

export interface Bounds {
  readonly least: number;
  readonly largest: number;
}

/** By sample; 2ⁿ copies of each. Errors: Runtime, Aborted. */
export const exactBounds = async (trial: Trial, units: readonly Units[]): Promise<readonly Bounds[]> => {
  const { unit, imputer, repeats, score } = trial.params;
  const drops: Drops[] = [];
  for (let repeat = 0; repeat < Number(repeats); repeat++)
    drops.push(
      await dropsOf(trial, { subsets: unit, imputer, repeat }, () => ({
        count: (n) => 2 ** units[n]!.count,
        write: (n, subset, into) =>
          remove(into, valuesOf(units[n]!, membersOf(subset)), fillingOf(trial, String(imputer), n, repeat)),
      })),
    );
  return units.map((_, n) => boundsOf(meanOf(drops.map((of) => of[score as EvaluationScore][n]!))));
};

/**
 * `falls`: by subset, bit u for unit u; that of the empty subset is 0.
 * @internal Exported for its tests.
 */
export const boundsOf = (falls: Float64Array): Bounds => {
  const least = Float64Array.from(falls);
  const largest = Float64Array.from(falls);
  const count = Math.log2(falls.length);
  for (let subset = 1; subset < falls.length; subset++) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const unit of membersOf(subset)) {
      const before = subset ^ (1 << unit);
      if (least[before]! < low) low = least[before]!;
      if (largest[before]! > high) high = largest[before]!;
    }
    least[subset]! += low;
    largest[subset]! += high;
  }
  return { least: least.at(-1)! / (count + 1), largest: largest.at(-1)! / (count + 1) };
};

const membersOf = (subset: number): number[] => {
  const members: number[] = [];
  for (let unit = 0; subset >> unit > 0; unit++) if ((subset >> unit) & 1) members.push(unit);
  return members;
};

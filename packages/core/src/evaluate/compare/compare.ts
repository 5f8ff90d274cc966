/** Two runs side by side: the same scores of the same samples, method by method. */

import { checkNames, type Names } from "../../cards/names.ts";
import type { MethodParams } from "../../cards/parameters.ts";
import { fail } from "../../errors.ts";
import type { EvaluationResult, ScoreTable } from "../result.ts";
import { columnOf, meanWhere, pooled, type Scores, steadyOrder } from "../statistics/column.ts";
import type { Group } from "../statistics/groups.ts";
import { comparedPairs, type Draws, drawsOf, type Side } from "../statistics/pairs.ts";
import type { Comparison } from "../statistics/summary.ts";
import { checkedOptions, SUMMARY, type SummaryOptions } from "../statistics/summary-options.ts";
import { type RunDifference, runDifferences } from "./run-differences.ts";
import { matchedMethods, matchedSamples, matchedTables, type SampleMatch } from "./run-matches.ts";

export interface CompareOptions extends SummaryOptions {
  /** Which method of the one run against which of the other; default: those of equal names. */
  readonly methods?: readonly (readonly [a: string, b: string])[];
}

/** Plain data. Everywhere `a` is of the first run and `b` of the second. */
export interface RunComparison {
  readonly comparison: 1;
  readonly confidence: number;
  readonly resamples: number;
  readonly permutations: number;
  readonly a: RunIdentity;
  readonly b: RunIdentity;
  readonly samples: SampleMatch;
  /** What else differs, and may be why scores do. */
  readonly differing: readonly RunDifference[];
  readonly tables: readonly ComparedTable[];
  /** Tables and methods that only one of the runs has, in words. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

type RunIdentity = Pick<EvaluationResult, "version" | "model" | "data" | "seed">;

/** One score of one setting, in both runs. */
export interface ComparedTable {
  readonly metric: string;
  readonly params: MethodParams;
  readonly score: string;
  readonly direction?: "higher" | "lower";
  readonly primary: boolean;
  /** Indices into the tables of the runs. */
  readonly a: number;
  readonly b: number;
  /** Methods with fewer than two common scores are left out. */
  readonly methods: readonly ComparedMethod[];
}

/** A method of run a against one of run b: differences are a − b, whichever is better; `pHolm` counts the methods of the table. */
export interface ComparedMethod extends Omit<Comparison, "wins"> {
  /** Over the samples where both are defined. */
  readonly meanA: number;
  readonly meanB: number;
  /** Share of samples on which run a is better, ties half; absent where the score has no direction. */
  readonly wins?: number;
}

/**
 * Compares two runs by what they have in common: tables by metric, parameters and score, samples by name and class, methods by name
 * (random maps pooled) or as told. Statistics as in `summarise`: BCa bootstrap intervals over samples, sign-flip test, Holm, effect.
 * A run may be compared with itself, one method with another. Errors: BadInput where nothing matches, a method is unknown, an option
 * makes no sense.
 */
export const compareRuns = (a: EvaluationResult, b: EvaluationResult, options: CompareOptions = {}): RunComparison => {
  checkNames("compareRuns", options, COMPARE);
  const checked = checkedOptions(options);
  const { confidence, resamples, permutations } = checked;
  const tables = matchedTables(a, b);
  const methods = matchedMethods(a, b, options.methods);
  const samples = matchedSamples(a, b);
  required(tables.pairs, "table of scores", "run both with the same metrics and parameters");
  required(methods.pairs, "method", "say which method to compare with which");
  required(samples.pairs, "sample", "run both on samples of the same names, explained for the same classes");
  const common = (run: EvaluationResult, table: number, { rows }: Group, side: 0 | 1): readonly Scores[] =>
    rows.map((row) => samples.pairs.map((pair) => run.tables[table]!.values[row]![pair[side]]!));
  const scores = tables.pairs.map(([i, j]) =>
    methods.pairs.map(
      ([one, other]): PairScores => ({
        names: [one.name, other.name],
        scores: [common(a, i, one, 0), common(b, j, other, 1)],
      }),
    ),
  );
  const order = steadyOrder(scores.flatMap((pairs) => pairs.flatMap(({ scores }) => scores.flat())));
  const draws = drawsOf(order.length, checked);
  return {
    comparison: 1,
    confidence,
    resamples,
    permutations,
    a: identityOf(a),
    b: identityOf(b),
    samples: samples.match,
    differing: runDifferences(
      a,
      b,
      methods.pairs.map(([one, other]) => [a.methods[one.rows[0]!]!, b.methods[other.rows[0]!]!]),
    ),
    tables: tables.pairs.map(([i, j], t) => {
      const { setting, score, direction, primary } = a.tables[i]!;
      const compared = comparedMethods(scores[t]!, direction, order, draws);
      return { ...a.settings[setting]!, score, ...(direction && { direction }), primary, a: i, b: j, methods: compared };
    }),
    onlyA: [...tables.onlyA, ...methods.onlyA],
    onlyB: [...tables.onlyB, ...methods.onlyB],
  };
};

const required = (pairs: readonly unknown[], what: string, fix: string): void => {
  if (pairs.length === 0) throw fail("BadInput", { what: `the runs have no ${what} in common`, fix });
};

const identityOf = ({ version, model, data, seed }: EvaluationResult): RunIdentity => ({ version, model, data, seed });

/** One table's scores of a method in run a and of its partner in run b: a list for each draw of random maps, else one. */
interface PairScores {
  readonly names: readonly [string, string];
  readonly scores: readonly [readonly Scores[], readonly Scores[]];
}

const comparedMethods = (
  pairs: readonly PairScores[],
  direction: ScoreTable["direction"],
  order: Uint32Array,
  draws: Draws,
): readonly ComparedMethod[] => {
  const side = (name: string, lists: readonly Scores[]): Side => ({
    name,
    column: pooled(lists.map((list) => columnOf(list, order))),
  });
  const sides = pairs.map(({ names, scores }) => [side(names[0], scores[0]), side(names[1], scores[1])] as const);
  return comparedPairs(sides, direction, draws).flatMap((compared, m) => {
    if (compared === undefined) return [];
    const { wins, ...rest } = compared;
    const [{ column: one }, { column: other }] = sides[m]!;
    return [{ ...rest, meanA: meanWhere(one, other), meanB: meanWhere(other, one), ...(direction && { wins }) }];
  });
};

const COMPARE: Names<CompareOptions> = { ...SUMMARY, methods: true };

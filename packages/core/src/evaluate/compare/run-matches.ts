/** What two runs have in common: tables by setting and score, methods and samples by name. */
import { fail } from "../../errors.ts";
import { grouped } from "../../numeric/grouped.ts";
import { canonicalJson } from "../../plan/index.ts";
import type { EvaluatedSample, EvaluationResult } from "../result.ts";
import { type Group, groupsOf } from "../statistics/groups.ts";

export interface Matches<T> {
  readonly pairs: readonly (readonly [a: T, b: T])[];
  /** What has no partner, in words. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

/** How the samples of two runs meet. */
export interface SampleMatch {
  /** Of the same name and class. */
  readonly matched: number;
  /** Of the same name, explained for different classes: left out. */
  readonly otherTarget: number;
  readonly onlyA: number;
  readonly onlyB: number;
}

/** Indices into the tables: same metric, parameters and score. */
export const matchedTables = (a: EvaluationResult, b: EvaluationResult): Matches<number> =>
  matched(tableNames(a), tableNames(b), "");

const tableNames = ({ tables, settings }: EvaluationResult): readonly string[] =>
  tables.map(({ setting, score }) => {
    const { metric, params } = settings[setting]!;
    return `${metric} ${score} ${canonicalJson(params)}`;
  });

/** Random maps as one method. `chosen`: pairs of names in place of equal names. Errors: BadInput (a name that is not there). */
export const matchedMethods = (
  a: EvaluationResult,
  b: EvaluationResult,
  chosen?: readonly (readonly [string, string])[],
): Matches<Group> => {
  const [inA, inB] = [groupsOf(a.methods), groupsOf(b.methods)];
  const named = (groups: readonly Group[], name: string, run: string): Group => {
    const found = groups.find((group) => group.name === name);
    if (found) return found;
    const names = groups.map((group) => group.name).join(", ");
    throw fail("BadInput", { what: `method '${name}' is not in the ${run} run`, fix: `one of ${names}` });
  };
  if (chosen)
    return { pairs: chosen.map(([one, other]) => [named(inA, one, "first"), named(inB, other, "second")]), onlyA: [], onlyB: [] };
  const { pairs, onlyA, onlyB } = matched(namesOf(inA), namesOf(inB), "method ");
  return { pairs: pairs.map(([i, j]) => [inA[i]!, inB[j]!]), onlyA, onlyB };
};

/** Indices into the samples: same name, explained for the same class. */
export const matchedSamples = (
  a: EvaluationResult,
  b: EvaluationResult,
): Pick<Matches<number>, "pairs"> & { match: SampleMatch } => {
  const { pairs: named, onlyA, onlyB } = matched(namesOf(a.samples), namesOf(b.samples), "");
  const pairs = named.filter(([i, j]) => judgedBy(a.samples[i]!) === judgedBy(b.samples[j]!));
  const match = {
    matched: pairs.length,
    otherTarget: named.length - pairs.length,
    onlyA: onlyA.length,
    onlyB: onlyB.length,
  };
  return { pairs, match };
};

const namesOf = (named: readonly { readonly name: string }[]): readonly string[] => named.map(({ name }) => name);

/** A name that stands in a list twice meets its first partner, then the second, … */
const matched = (a: readonly string[], b: readonly string[], what: string): Matches<number> => {
  const places = grouped(b.map((name, j) => [name, j] as const));
  const partners = a.map((name) => places.get(name)?.shift());
  const met = new Set(partners);
  return {
    pairs: partners.flatMap((j, i) => (j === undefined ? [] : [[i, j] as const])),
    onlyA: a.filter((_, i) => partners[i] === undefined).map((name) => what + name),
    onlyB: b.filter((_, j) => !met.has(j)).map((name) => what + name),
  };
};

/** What a sample is judged by: its class, or A minus B. */
const judgedBy = ({ target, against }: EvaluatedSample): string => canonicalJson([target, ...(against ? [against] : [])]);

/** The report on the half the search never saw. */
import type { Explainer } from "../../explain/index.ts";
import type { EvaluatedMethod, EvaluationResult, ScoreTable } from "../result.ts";
import { evaluate } from "../run/run.ts";
import type { EvaluationTask, MethodChoice } from "../run/task.ts";
import { holm } from "../statistics/holm.ts";
import { turned } from "../statistics/pairs.ts";
import { ENOUGH, type SummaryOptions, summarise } from "../statistics/summarise.ts";
import type { TableSummary } from "../statistics/summary.ts";
import type { Candidate } from "./candidate.ts";
import { asMethod, combined, type ObjectiveTask } from "./objective.ts";
import type { TuneReport, TuneTable, TuneVerdict } from "./result.ts";
import { DEFAULT } from "./starts.ts";

const BEST = "tuned";
const ALPHA = 0.05;

interface HeldTask extends ObjectiveTask, SummaryOptions, Pick<EvaluationTask, "references"> {
  /** The default, where it is no rules: those of its table are then called by what they are. */
  readonly usual?: MethodChoice;
  readonly onProgress?: (done: number, total: number) => void;
}

const unlikeDefault = <T extends { readonly name: string }>(method: T): T =>
  method.name === DEFAULT ? { ...method, name: `${DEFAULT}'s relevance` } : method;

/** `best` under the name "tuned", unless it is the default; beside it the default, the composites and random maps. */
export const heldOut = async (
  lits: readonly Explainer[],
  best: Candidate,
  others: readonly Candidate[],
  { usual, ...task }: HeldTask,
): Promise<{ readonly held: TuneReport; readonly evaluation: EvaluationResult }> => {
  const same = others.find((other) => other.same === best.same);
  const tuned = { ...best, name: BEST };
  const rules = [...(same === undefined ? [tuned] : []), ...others].map(asMethod);
  const methods = usual === undefined ? rules : [usual, ...rules.map(unlikeDefault)];
  const evaluation = await evaluate(lits, { ...task, methods });
  const objective = combined(evaluation);
  const primary = evaluation.tables.filter((table) => table.primary);
  const [whole, ...each] = summarise([objective, ...primary], evaluation.methods, task).tables as [TableSummary];
  const subject = same === undefined ? BEST : usual === undefined ? same.name : unlikeDefault(same).name;
  return {
    evaluation,
    held: {
      n: evaluation.data.count,
      objective: tableOf(whole),
      settings: each.map(tableOf),
      comparisons: comparisonsOf(whole, subject, objective, evaluation.methods),
    },
  };
};

const tableOf = ({ methods, floor }: TableSummary): TuneTable => ({ methods, ...(floor && { floor }) });

/** Pairs of `subject` with the others, it first. Random maps are no rivals; of methods with the same scores one counts. */
const comparisonsOf = ({ pairs }: TableSummary, subject: string, { values }: ScoreTable, methods: readonly EvaluatedMethod[]) => {
  const scores = new Map(methods.map(({ name }, m) => [name, values[m]!.join()]));
  const seen = new Set<string>();
  const own = pairs
    .flatMap((pair) => (pair.a === subject ? [pair] : pair.b === subject ? [turned(pair)] : []))
    .sort((x, y) => order(methods, x.b) - order(methods, y.b))
    .filter(({ b }) => !methods.find(({ name }) => name === b)!.random && !seen.has(scores.get(b)!) && seen.add(scores.get(b)!));
  const corrected = holm(own.map(({ p }) => p));
  return own.map((pair, i) => ({ ...pair, pHolm: corrected[i]! }));
};

const order = (methods: readonly EvaluatedMethod[], name: string): number => methods.findIndex((method) => method.name === name);

/** `moved`: the search ended with another recipe than the default. */
export const verdictOf = ({ n, comparisons }: TuneReport, moved: boolean): TuneVerdict => {
  if (n < ENOUGH)
    return {
      keep: "not enough",
      why: `${n} held-out samples are not enough to rank (at least ${ENOUGH}): nothing is shown`,
    };
  if (!moved) return { keep: "auto", why: "keep auto: on the searching half nothing was better than the default" };
  const against = comparisons.find(({ b }) => b === DEFAULT);
  if (against === undefined) return { keep: "not enough", why: "no held-out sample has a score: nothing is shown" };
  const { a, difference, pHolm } = against;
  const subject = a === BEST ? "the tuned recipe" : a;
  const numbers = `${signed(difference.mean)} [${signed(difference.low)}, ${signed(difference.high)}], ${short(pHolm)} after Holm's correction over ${comparisons.length} comparisons`;
  if (pHolm < ALPHA && difference.mean > 0)
    return { keep: "best", why: `${subject} beats the default on the held-out half: ${numbers}` };
  if (pHolm < ALPHA)
    return { keep: "auto", why: `keep auto: on the held-out half ${subject} is worse than the default: ${numbers}` };
  return {
    keep: "auto",
    why: `keep auto: on the held-out half nothing the search found beats the default: ${subject} ${numbers}`,
  };
};

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
const short = (p: number): string => (p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`);

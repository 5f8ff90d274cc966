/** What all units came to, as one result. */
import { fail } from "../../errors.ts";
import { directionOf } from "../card.ts";
import { metrics } from "../metrics/index.ts";
import type { EvaluatedMethod, EvaluationResult, EvaluationSetting, ScoreTable } from "../result.ts";
import { summarise } from "../statistics/summarise.ts";
import type { ChunkResult } from "./chunk-result.ts";
import { curveTable } from "./curve-table.ts";
import type { RunPlan } from "./plan.ts";

/** `results`: one a unit, in the order of the plan's units, whoever computed them and when. Errors: BadInput where some are missing. */
export const collectRun = (plan: RunPlan, results: readonly (ChunkResult | undefined)[]): EvaluationResult => {
  const { methods, settings, seed } = plan;
  const all = plan.units.flatMap((unit, i) => (results[i] === undefined ? [] : [{ ...unit, result: results[i] }]));
  if (all.length < plan.units.length)
    throw fail("BadInput", {
      what: `${plan.units.length - all.length} of ${plan.units.length} units have no result`,
      fix: "run them, and give one result a unit in the plan's order",
    });
  const cells = settings.map(() => methods.map((): ChunkResult[] => []));
  for (const { method, setting, result } of all) cells[setting]![method]!.push(result);
  const evaluated = methods.map(({ name, draw, magnitude }, m): EvaluatedMethod => {
    const { recipe, hash } = cells[0]![m]![0]!;
    return {
      name,
      ...(draw !== undefined && { random: true as const }),
      ...(magnitude && { magnitude: true as const }),
      recipe,
      hash,
    };
  });
  const tables = settings.flatMap((setting, s) => tablesOf(setting, s, cells[s]!));
  return {
    evaluation: 1,
    version: plan.version,
    model: plan.model,
    data: plan.data,
    seed,
    methods: evaluated,
    settings,
    samples: cells[0]![0]!.flatMap(({ samples }) => samples),
    tables,
    curves: cells.flatMap((own, s) => curveTable(s, own)),
    summary: summarise(tables, evaluated, plan.statistics),
    notices: distinct([...sizeNotice(evaluated), ...all.flatMap(({ result }) => result.notices)]),
  };
};

const tablesOf = (
  { metric, params }: EvaluationSetting,
  setting: number,
  results: readonly (readonly ChunkResult[])[],
): ScoreTable[] => {
  const { card } = metrics[metric]!;
  return Object.keys(card.scores)
    .filter((score) => results.some(([first]) => first!.scores[score] !== undefined))
    .map((score, i) => {
      const direction = directionOf(card, score, params);
      return {
        setting,
        score,
        ...(direction && { direction }),
        primary: i === 0,
        values: results.map((chunks) => chunks.flatMap(({ scores, samples }) => scores[score] ?? samples.map(() => null))),
      };
    });
};

const sizeNotice = (methods: readonly EvaluatedMethod[]): readonly string[] => {
  const names = methods.filter(({ magnitude }) => magnitude).map(({ name }) => name);
  return names.length === 0
    ? []
    : [`ranked by the size of their values, which are slopes: ${names.join(", ")} (NAME:magnitude=false keeps the signs)`];
};

/** Those that differ in numbers only (of samples, say) once, with how many there are. */
const distinct = (notices: readonly string[]): readonly string[] => {
  const alike = new Map<string, Set<string>>();
  for (const notice of notices) {
    const words = notice.replace(/\d[\d.,]*/g, "#");
    alike.set(words, (alike.get(words) ?? new Set()).add(notice));
  }
  return [...alike.values()].map((own) => (own.size > 1 ? `${[...own][0]} (and ${own.size - 1} more such)` : [...own][0]!));
};

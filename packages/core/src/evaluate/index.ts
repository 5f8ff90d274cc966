export { trapezoid } from "../numeric/area.ts";
export type { Interval } from "../numeric/interval.ts";
export { quantileOf } from "../numeric/quantile.ts";
export * from "./card.ts";
export {
  type ComparedMethod,
  type ComparedTable,
  type CompareOptions,
  compareRuns,
  type RunComparison,
} from "./compare/compare.ts";
export type { RunDifference } from "./compare/run-differences.ts";
export type { SampleMatch } from "./compare/run-matches.ts";
export { similarity } from "./compare/similarity.ts";
export type { ImputerCard } from "./imputers/imputer.ts";
export { fillingOf, imputers } from "./imputers/index.ts";
export { type Memo, memo } from "./memo.ts";
export type { Explaining, Measured, MeasuredCurve, Metric, Trial } from "./metric.ts";
export { metrics } from "./metrics/index.ts";
export { type Order, orderOf } from "./removal/order.ts";
export type { Units } from "./removal/unit.ts";
export { positionMap, unitScores, unitsOf } from "./removal/units.ts";
export type * from "./result.ts";
export type { ChunkResult } from "./run/chunk-result.ts";
export { collectRun } from "./run/collect.ts";
export { explainingOf } from "./run/explaining.ts";
export { type Film, type FilmFrame, type FilmOptions, filmsOf, type SampleFilms } from "./run/films.ts";
export * from "./run/judge.ts";
export { outlineRun, type PlannedMethod, planRun, type RunOutline, type RunPlan, type RunUnit, runtimeKey } from "./run/plan.ts";
export * from "./run/run.ts";
export { checkedSettings, type SettingChoice } from "./run/settings.ts";
export { type SharedUnits, sharedWork } from "./run/shared-work.ts";
export type * from "./run/task.ts";
export { type Run, runUnit, unitRunner } from "./run/unit.ts";
export { type SummaryOptions, summarise } from "./statistics/summarise.ts";
export type * from "./statistics/summary.ts";
export * from "./tune/index.ts";

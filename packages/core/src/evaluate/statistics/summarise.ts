/** From score tables to what they say. */
import type { EvaluatedMethod, ScoreTable } from "../result.ts";
import type { Summary } from "./summary.ts";

export interface SummaryOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Default 2000. */
  readonly resamples?: number;
  /** Of the random numbers; default 0. */
  readonly seed?: number;
}

/** Below this many samples methods are not ranked. */
export const ENOUGH = 20;

export const summarise = (
  tables: readonly ScoreTable[],
  methods: readonly EvaluatedMethod[],
  { confidence = 0.95, resamples = 2000 }: SummaryOptions = {},
): Summary => {
  void methods;
  return { confidence, resamples, enough: (tables[0]?.values[0]?.length ?? 0) >= ENOUGH, tables: [], agreement: [] };
};

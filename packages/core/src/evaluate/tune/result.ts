/** What tuning finds, as plain data: what `backlit tune --json` prints. */
import type { MethodRecipe } from "../../explain/types.ts";
import type { ResolvedRecipe } from "../../plan/index.ts";
import type { EvaluatedModel, EvaluationSetting } from "../result.ts";
import type { Comparison, MethodSummary, TableSummary } from "../statistics/summary.ts";
import type { Halves } from "./halves.ts";
import type { TuneRound } from "./search.ts";

export interface TuneResult {
  readonly tune: 1;
  readonly version: string;
  readonly model: EvaluatedModel;
  readonly data: { readonly name: string; readonly sha256: string; readonly count: number };
  readonly seed: number;
  /** One target for all samples, where somebody chose it. */
  readonly target?: string | number;
  readonly settings: readonly EvaluationSetting[];
  readonly halves: {
    /** Names of the samples. */
    readonly search: readonly string[];
    readonly held: readonly string[];
    readonly strata: Halves["strata"];
  };
  readonly searched: {
    readonly groups: readonly { readonly name: string; readonly choices: readonly string[] }[];
    readonly rounds: readonly TuneRound[];
    /** Recipes measured on the searching half. */
    readonly tried: number;
    readonly budget: number;
    readonly exhausted: boolean;
  };
  /** The best of the searching half. */
  readonly best: {
    readonly recipe: ResolvedRecipe;
    readonly hash: string;
    readonly start: string;
    readonly chosen: readonly string[];
  };
  readonly held: TuneReport;
  readonly verdict: TuneVerdict;
  /** The recipe to use: the best one, or the default where nothing was shown to be better. */
  readonly recipe: ResolvedRecipe | MethodRecipe;
  readonly hash: string;
  readonly notices: readonly string[];
}

/** "not enough": fewer held-out samples than methods are ranked by. */
export interface TuneVerdict {
  readonly keep: "best" | "auto" | "not enough";
  /** One sentence. */
  readonly why: string;
}

/** The other half: what was found there counts. */
export interface TuneReport {
  readonly n: number;
  /** Of the mean over the settings, and then of each; samples paired. Random maps last. */
  readonly objective: TuneTable;
  readonly settings: readonly TuneTable[];
  /** The best recipe minus each other, with Holm's correction over these comparisons; or the default minus each other, where the search ended with it. */
  readonly comparisons: readonly Comparison[];
}

export interface TuneTable {
  readonly methods: readonly MethodSummary[];
  readonly floor?: TableSummary["floor"];
}

/** What an evaluation finds, as plain data: what `backlit evaluate --json` prints, what reports are made of. */
import type { MethodParams } from "../cards/parameters.ts";
import type { TokenizedText } from "../input/text/token-text.ts";
import type { Summary } from "./statistics/summary.ts";

export interface EvaluationResult {
  readonly evaluation: 1;
  readonly version: string;
  readonly model: EvaluatedModel;
  readonly data: { readonly name: string; readonly sha256: string; readonly count: number };
  /** Of the random numbers. */
  readonly seed: number;
  readonly methods: readonly EvaluatedMethod[];
  readonly settings: readonly EvaluationSetting[];
  readonly samples: readonly EvaluatedSample[];
  readonly tables: readonly ScoreTable[];
  readonly curves: readonly CurveTable[];
  readonly summary: Summary;
  readonly notices: readonly string[];
}

export interface EvaluatedModel {
  readonly name: string;
  /** Of the model's own file. */
  readonly sha256: string;
  /** Over all its files; older runs have none. */
  readonly identity?: string;
}

export interface EvaluatedMethod {
  /** As it was asked for. Draws of random maps share the name "random". */
  readonly name: string;
  readonly random?: true;
  /** Metrics that rank took the size of its values: they are slopes. */
  readonly magnitude?: true;
  /** Resolved; its hash. */
  readonly recipe: unknown;
  readonly hash: string;
}

/** A metric with all its parameters. */
export interface EvaluationSetting {
  readonly metric: string;
  readonly params: MethodParams;
}

export interface EvaluatedSample {
  /** File name, row number. */
  readonly name: string;
  /** The class it is explained and judged for. */
  readonly target: readonly number[];
  /** What that is where it has no index: a region, a box, a token. */
  readonly aim?: string;
  /** Of A minus B: B. */
  readonly against?: readonly number[];
  readonly label?: string;
}

/** One score of one setting. */
export interface ScoreTable {
  /** Index into `settings`. */
  readonly setting: number;
  readonly score: string;
  readonly direction?: "higher" | "lower";
  /** The score its metric ranks by. */
  readonly primary: boolean;
  /** [method][sample]; null where undefined. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** One curve of one setting, over the samples. */
export interface CurveTable {
  readonly setting: number;
  readonly curve: string;
  /** Share of the input that is changed. */
  readonly at: readonly number[];
  readonly methods: readonly CurveBand[];
}

/** Mean, median and quartiles over the samples, at each place. */
export interface CurveBand {
  readonly mean: readonly number[];
  readonly median: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** A sample for the report. */
export type EvaluationExample = PictureExample | TextExample;

/** Texts, with what the first method makes of them. */
export interface TextExample {
  readonly name: string;
  readonly text: TokenizedText;
  /** Of `EvaluationResult.methods`. */
  readonly method: string;
  /** Σ R of each token, in their order. */
  readonly relevance: readonly number[];
}

/** A picture, with what each method makes of it. Pictures are data URIs, PNG or WebP. */
export interface PictureExample {
  readonly name: string;
  readonly picture: string;
  readonly methods: readonly ExampleMethod[];
}

export interface ExampleMethod {
  /** Of `EvaluationResult.methods`. */
  readonly name: string;
  readonly heatmap: string;
  /** The sample while its units are removed in the method's order: share removed, the picture, the model's score. */
  readonly steps: readonly ExampleStep[];
}

export interface ExampleStep {
  /** 0 to 1. */
  readonly share: number;
  readonly picture: string;
  readonly score: number;
}

/** An audit as plain data: what `--json` prints, what the page is made of, what its SHA-256 covers. */
import type { EvaluationSetting, ReadingOptions, SaidPreprocessing } from "@backlit/core";

export interface Audit {
  readonly audit: 1;
  readonly version: string;
  readonly model: ModelIdentity;
  readonly data: { readonly name: string; readonly sha256: string; readonly samples: number };
  readonly method: { readonly name: string; readonly recipe: unknown; readonly hash: string };
  /** What was asked for beside the method: enough to do it again. */
  readonly task: AuditTask;
  readonly preflight: Preflight;
  /** LRP only. */
  readonly ledger?: LedgerStatistics;
  readonly scores: readonly AuditScore[];
  readonly checks: readonly Check[];
  readonly limits: readonly string[];
  readonly notices: readonly string[];
  /** SHA-256 of the canonical JSON of all the rest. */
  readonly sha256: string;
}

export interface AuditTask {
  /** `top`, `label`, or one target for all samples in the words it was asked for. */
  readonly target: string;
  /** What that was in the samples, where nobody named a target and the output is more than classes: regions, boxes, tokens. */
  readonly found?: readonly string[];
  /** The first n samples only. */
  readonly limit?: number;
  readonly seed: number;
  readonly settings: readonly EvaluationSetting[];
  readonly explain?: readonly string[];
  readonly output?: string;
  readonly dims?: Readonly<Record<string, number>>;
  /** How pictures were prepared, over what the model's files say. */
  readonly preprocess?: SaidPreprocessing;
  /** What was said of the model as a detector. */
  readonly detector?: ReadingOptions;
  /** Reference inputs: how many, and the SHA-256 of their numbers. */
  readonly references?: { readonly count: number; readonly sha256: string };
}

export interface ModelIdentity {
  readonly name: string;
  /** Of its file; over all its files; of those beside it that hold weights, by location. */
  readonly sha256: string;
  readonly identity?: string;
  readonly weights?: Readonly<Record<string, string>>;
  /** Of all its files. */
  readonly bytes: number;
  readonly producer?: string;
  readonly opset: Readonly<Record<string, number>>;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly nodes: number;
  readonly parameters: number;
  readonly classes?: number;
}

export interface Port {
  readonly name: string;
  readonly type: string;
  /** A name or "?" where the size is free. */
  readonly dims: readonly (number | string)[];
}

export interface Preflight {
  readonly output: string;
  /** What is explained, in front of a cut head where there is one. */
  readonly start: string;
  readonly explained: readonly string[];
  readonly fixed: readonly string[];
  readonly nodes: number;
  readonly kinds: readonly { readonly kind: string; readonly nodes: number; readonly rules: Readonly<Record<string, number>> }[];
  /** Rules of the layers with weights, and why. */
  readonly rules: readonly { readonly rule: string; readonly why: string; readonly layers: number }[];
  readonly unsupported: readonly { readonly node: string; readonly op: string; readonly why: string }[];
  /** What may break conservation, and at how many nodes. */
  readonly loses: Readonly<Record<string, number>>;
}

export interface Quantiles {
  readonly low: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly high: number;
}

/** Shares of the seed over the samples: 5 %, 25 %, 50 %, 75 %, 95 %. */
export interface LedgerStatistics {
  readonly n: number;
  readonly arrived: Quantiles;
  readonly causes: Readonly<Record<string, Quantiles>>;
  /** The nodes that keep most, by the median of the size of what they keep. */
  readonly layers: readonly { readonly node: string; readonly op: string; readonly rule: string; readonly kept: Quantiles }[];
  /** The largest rest that no cause explains, over what --strict allows; and how many samples exceed it. */
  readonly rest: { readonly largest: number; readonly exceeding: number };
}

/** Mean with its interval; of random maps: their mean, and where one set's mean lies. */
export interface AuditScore {
  readonly metric: string;
  readonly setting: string;
  readonly score: string;
  readonly direction?: "higher" | "lower";
  readonly n: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly median: number;
  readonly floor?: { readonly mean: number; readonly low: number; readonly high: number };
}

export const VERDICTS = ["passed", "failed", "not enough data", "not applicable"] as const;

export interface Check {
  readonly id: string;
  readonly what: string;
  readonly verdict: (typeof VERDICTS)[number];
  /** One sentence. */
  readonly words: string;
  /** The number judged, and what it is held against. */
  readonly value?: number;
  readonly threshold?: string;
  readonly n?: number;
}

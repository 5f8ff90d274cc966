/** What users read about a metric. docs/metrics.md and `backlit metrics` are made of these cards. */
import type { MethodParameter, MethodParams } from "../cards/parameters.ts";

export type MetricFamily =
  | "perturbation"
  | "faithfulness"
  | "robustness"
  | "complexity"
  | "localisation"
  | "randomisation"
  | "axioms";

export interface MetricScore {
  readonly what: string;
  /** Which way is better; left out where neither is. */
  readonly direction?: "higher" | "lower";
  /** The direction is that of most relevant first; it turns round with the order. */
  readonly byOrder?: true;
  /** "0 to 1", "any number". */
  readonly range: string;
}

export interface MetricCard {
  readonly name: string;
  readonly family: MetricFamily;
  /** One line. */
  readonly what: string;
  /** The formula. */
  readonly definition: string;
  /** Paper and equation. */
  readonly source: string;
  /** The first is the one methods are ranked by. */
  readonly scores: Readonly<Record<string, MetricScore>>;
  /** Forward (F) and gradient (G) passes a sample, of the parameters. */
  readonly cost: string;
  /** What is known against it. */
  readonly criticism: string;
  /** "set": by its definition a sample's score depends on the other samples. */
  readonly scope?: "set";
  /** What it asks for besides the maps and the model's outputs. */
  readonly needs?: readonly ("masks" | "explain" | "randomised")[];
  readonly parameters: Readonly<Record<string, MethodParameter>>;
}

/** Which way a score is better under these parameters; undefined where neither is. */
export const directionOf = ({ scores }: MetricCard, score: string, { order }: MethodParams): "higher" | "lower" | undefined => {
  const { direction, byOrder } = scores[score] ?? {};
  if (!byOrder || direction === undefined || order === "morf" || order === undefined) return direction;
  if (order === "near-zero-first" || order === "random") return undefined;
  return direction === "higher" ? "lower" : "higher";
};

/** Maps of the same input by models whose layers have forgotten their weights, one after another from the output on. */
import type { Plane } from "@backlit/core/render";

export interface Randomised {
  /** The own map first. `at`: share of the layers that have forgotten; ρ: Spearman's rank correlation with the own map. */
  readonly steps: readonly { readonly at: number; readonly spearman: number; readonly plane?: Plane }[];
}

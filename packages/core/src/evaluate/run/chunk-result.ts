/** What one unit of work comes to. */
import type { EvaluatedSample } from "../result.ts";

/** Plain data, one number or curve a sample. */
export interface ChunkResult {
  readonly scores: Readonly<Record<string, readonly (number | null)[]>>;
  readonly curves: Readonly<
    Record<string, { readonly at: readonly (readonly number[])[]; readonly values: readonly (readonly number[])[] }>
  >;
  readonly ties?: readonly number[];
  readonly samples: readonly EvaluatedSample[];
  readonly recipe: unknown;
  readonly hash: string;
  readonly notices: readonly string[];
}

/** What jobs that move columns are asked. */
import type { ModelRequest } from "../request.ts";

export interface EffectsRequest extends ModelRequest {
  /** A table, or arrays of rows. */
  readonly data: string;
  /** The first rows only. */
  readonly limit?: number;
  /** The output that is read; default: the first. */
  readonly output?: string;
  /** Columns that are moved together, by the name of the feature they make. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
}

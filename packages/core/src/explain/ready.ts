/** A compiled model with its session open. */
import type { Compiled } from "../compile/index.ts";
import type { Session } from "../runtime/runtime.ts";

export interface Ready extends Compiled {
  readonly session: Session;
  /** ms */
  readonly timings: { readonly compile: number; readonly load: number };
}

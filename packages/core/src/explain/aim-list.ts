/** Aims as a target: what an explanation found, asked of other inputs or methods. */
import type { Aim } from "../oracle/aim.ts";

/** One for each sample, or one for all. */
export interface AimList {
  readonly aims: readonly Aim[];
}

export const isAimList = (target: unknown): target is AimList =>
  typeof target === "object" && target !== null && "aims" in target;

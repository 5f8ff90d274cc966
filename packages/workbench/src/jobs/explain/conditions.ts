/** Conditions in words. */
import type { Condition } from "@backlit/core";

/** In words, for the first line. */
export const describeCondition = (condition: Condition, only: boolean): string =>
  `relevance ${only ? "by way of" : "of"} ${Object.entries(condition)
    .map(
      ([value, channels]) =>
        `channel${(channels as readonly number[]).length > 1 ? "s" : ""} ${(channels as readonly number[]).join(", ")} of '${value}'`,
    )
    .join(" and ")}${only ? " only" : "; what goes past stays in the map (--only drops it)"}`;

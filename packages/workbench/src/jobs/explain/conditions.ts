/** Conditions as people write them, and in words. */
import { type Condition, fail } from "@backlit/core";

/** From `VALUE:3,7`; channels of one value may be given in several texts. Errors: Usage. */
export const conditionOf = (given: readonly string[]): Condition => {
  const condition: Record<string, number[]> = {};
  for (const text of given) {
    // Names of values may have colons themselves.
    const [, value, channels] = /^(.+):(\d+(?:,\d+)*)$/.exec(text) ?? [];
    if (value === undefined)
      throw fail("Usage", { what: `condition '${text}'`, fix: "write VALUE:3,7; channels are counted from 0" });
    condition[value] = [...(condition[value] ?? []), ...channels!.split(",").map(Number)];
  }
  return condition;
};

/** In words, for the first line. */
export const describeCondition = (condition: Condition, only: boolean): string =>
  `relevance ${only ? "by way of" : "of"} ${Object.entries(condition)
    .map(
      ([value, channels]) =>
        `channel${(channels as readonly number[]).length > 1 ? "s" : ""} ${(channels as readonly number[]).join(", ")} of '${value}'`,
    )
    .join(" and ")}${only ? " only" : "; what goes past stays in the map (--only drops it)"}`;

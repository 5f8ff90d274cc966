/** What is asked of an explanation that conditions its relevance. */
import { fail } from "../../errors.ts";
import type { ExplainOptions } from "../types.ts";
import type { Condition, ConditionList } from "./condition.ts";

type Asked = Pick<ExplainOptions, "conditions" | "only" | "channels">;

const isList = (conditions: NonNullable<Asked["conditions"]>): conditions is ConditionList =>
  Array.isArray((conditions as { list?: unknown }).list) &&
  !Array.isArray(conditions) &&
  isPlain((conditions as ConditionList).list);

/** A value may be called list: its channels are numbers. */
const isPlain = (list: readonly unknown[]): boolean => list.every((one) => typeof one === "object");

/** Several conditions for every sample, where they are asked for. */
export const listOf = ({ conditions }: Asked): readonly Condition[] | undefined =>
  conditions !== undefined && isList(conditions) ? conditions.list : undefined;

/** One for all samples, or one for each; none. */
export const conditionRows = ({ conditions }: Asked): readonly Condition[] =>
  conditions === undefined ? [] : Array.isArray(conditions) ? (conditions as readonly Condition[]) : [conditions as Condition];

/** Methods that ask the model more than once hand no relevance back through it. Errors: BadRecipe. */
export const checkConditioned = (method: string | undefined, { conditions, only, channels }: Asked): void => {
  if (only && conditions === undefined)
    throw fail("BadRecipe", { what: "only without a condition", fix: "name the channels that are kept, as conditions" });
  const what =
    conditions !== undefined ? "conditions" : channels !== undefined && channels.length > 0 ? "channel scores" : undefined;
  if (method === undefined || what === undefined) return;
  throw fail("BadRecipe", {
    what: `${what} with method '${method}'`,
    why: "it asks the model many times and hands no relevance back through its layers",
    fix: "take an LRP method or a gradient",
  });
};

export { checkConditioned, conditionRows, listOf } from "./asked.ts";
export { type ChannelMask, type Condition, type ConditionList, masksOf } from "./condition.ts";
export { maskFeeds } from "./feeds.ts";
export { sizesIn } from "./sizes.ts";

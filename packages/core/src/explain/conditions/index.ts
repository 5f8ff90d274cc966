export { checkConditioned, conditionRows, listOf } from "./asked.ts";
export { type ChannelMask, type Condition, type ConditionList, masksOf } from "./condition.ts";
export { maskFeeds } from "./feeds.ts";
export { explainList } from "./list.ts";
export { sizesIn } from "./sizes.ts";

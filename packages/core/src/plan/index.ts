export * from "./canonical.ts";
export * from "./gates.ts";
export { paramsRead } from "./params.ts";
export * from "./path.ts";
export * from "./plan.ts";
export * from "./recipe.ts";
export { ignoredNotices, RECIPE, type Recipe, SEEDS, type Seed, STARTS, type Start } from "./recipe-fields.ts";
export type { Step } from "./step.ts";
export * from "./traits.ts";

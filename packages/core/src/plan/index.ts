export * from "./canonical.ts";
export * from "./gates.ts";
export { paramsRead } from "./params.ts";
export * from "./path.ts";
export * from "./plan.ts";
export * from "./recipe.ts";
export { ignoredNotices, type Names, RECIPE } from "./recipe-fields.ts";
export * from "./traits.ts";

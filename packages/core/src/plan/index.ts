export * from "./canonical.ts";
export * from "./gates.ts";
export * from "./path.ts";
export * from "./plan.ts";
export * from "./recipe.ts";
export * from "./traits.ts";

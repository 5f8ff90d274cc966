export { type MethodRecipe, methodNamed } from "./attribute.ts";
export * from "./explainer.ts";
export * from "./ledger.ts";

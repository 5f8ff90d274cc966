export * from "../methods/min-max.ts";
export * from "../methods/taylor-report.ts";
export { type MethodRecipe, methodNamed } from "./attribute.ts";
export * from "./deep-taylor.ts";
export * from "./explainer.ts";
export { artefactIdentity, modelIdentity } from "./identity.ts";
export * from "./ledger.ts";
export type { MapNote } from "./note.ts";
export * from "./types.ts";

export { type ConceptDirection, conceptDirection, type DirectionMethod, type Examples } from "./direction.ts";
export { largestActivations, repairPlace } from "./place.ts";
export { REPAIR_KEY, type RepairAt, repairModel } from "./rewrite.ts";

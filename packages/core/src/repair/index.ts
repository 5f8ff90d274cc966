export { type ConceptDirection, conceptDirection, type DirectionMethod, type Examples, givenDirection } from "./direction.ts";
export { conceptRows, isLocal, PATCHES_LEVEL, REPAIR_SCOPES, type RepairScope, repairPlace } from "./place.ts";
export { givenAtPositions, positionDirection } from "./positions.ts";
export { REPAIR_KEY, type RepairAt, repairModel } from "./rewrite.ts";

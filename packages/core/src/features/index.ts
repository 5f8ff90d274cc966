export * from "./groups.ts";
export { eachStretch, type Layout, layoutOf, positionsOf, spreadPositions } from "./layout.ts";

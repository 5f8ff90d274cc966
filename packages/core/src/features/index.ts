export * from "./groups.ts";
export { eachStretch, type Layout, type LayoutKind, layoutOf, positionsOf, spreadPositions } from "./layout.ts";
export { type SlicOptions, slic } from "./slic.ts";

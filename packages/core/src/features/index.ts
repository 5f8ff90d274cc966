export * from "./groups.ts";
export { eachStretch, type Layout, type LayoutKind, layoutOf, positionsOf, spreadPositions } from "./layout.ts";
export { slic } from "./slic.ts";

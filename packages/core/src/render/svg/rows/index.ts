/** Charts over many rows of a table, one file each. */
export { beeswarm } from "./beeswarm.ts";
export { decisionPath } from "./decision-path.ts";
export { dependence } from "./dependence.ts";
export type { RowsChartOptions } from "./frame.ts";
export { meanBars } from "./mean-bars.ts";
export { rowsHeatmap } from "./rows-heatmap.ts";
export { byMean, type RowsTable } from "./table.ts";
export { waterfall } from "./waterfall.ts";

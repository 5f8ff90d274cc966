import type { Metric } from "../../metric.ts";

export const robustness: readonly Metric[] = [];

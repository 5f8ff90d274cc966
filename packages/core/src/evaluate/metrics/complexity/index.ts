import type { Metric } from "../../metric.ts";

export const complexity: readonly Metric[] = [];

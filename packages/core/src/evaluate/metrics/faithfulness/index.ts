import type { Metric } from "../../metric.ts";

export const faithfulness: readonly Metric[] = [];

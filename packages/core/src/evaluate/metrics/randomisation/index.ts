import type { Metric } from "../../metric.ts";

export const randomisation: readonly Metric[] = [];

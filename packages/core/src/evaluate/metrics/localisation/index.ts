import type { Metric } from "../../metric.ts";

export const localisation: readonly Metric[] = [];

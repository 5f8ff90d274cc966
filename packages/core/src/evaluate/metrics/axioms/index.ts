import type { Metric } from "../../metric.ts";

export const axioms: readonly Metric[] = [];

/** Metrics of properties a map should have by definition, one line each. */
import type { Metric } from "../../metric.ts";
import { completeness } from "./completeness.ts";
import { consistency } from "./consistency.ts";
import { neighbourSufficiency } from "./neighbour-sufficiency.ts";
import { nonSensitivity } from "./non-sensitivity.ts";

export const axioms: readonly Metric[] = [completeness, consistency, nonSensitivity, neighbourSufficiency];

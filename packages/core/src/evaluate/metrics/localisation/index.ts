/** Metrics that know where the object is, one line each. */
import type { Metric } from "../../metric.ts";
import { insideTotalRatio } from "./inside-total.ts";
import { localisation as onObject } from "./localisation.ts";

export const localisation: readonly Metric[] = [onObject, insideTotalRatio];

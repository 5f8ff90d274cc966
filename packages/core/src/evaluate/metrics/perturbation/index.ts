/** Metrics made of perturbation curves, one line each. */
import type { Metric } from "../../metric.ts";
import { srg } from "./srg.ts";

export const perturbation: readonly Metric[] = [srg];

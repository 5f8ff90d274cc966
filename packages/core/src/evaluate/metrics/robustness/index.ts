/** Metrics of how far the heatmap moves with the input, one line each. */
import type { Metric } from "../../metric.ts";
import { continuity } from "./continuity.ts";
import { maxSensitivity } from "./max-sensitivity.ts";
import { relativeInputStability } from "./relative-input-stability.ts";
import { relativeOutputStability } from "./relative-output-stability.ts";
import { relativeRepresentationStability } from "./relative-representation-stability.ts";

export const robustness: readonly Metric[] = [
  maxSensitivity,
  relativeInputStability,
  relativeOutputStability,
  relativeRepresentationStability,
  continuity,
];

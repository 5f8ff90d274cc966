/** Metrics of how much there is to see, one line each. */
import type { Metric } from "../../metric.ts";
import { complexity as spread } from "./complexity.ts";
import { effectiveComplexity } from "./effective.ts";
import { fileSize } from "./file-size.ts";

export const complexity: readonly Metric[] = [spread, effectiveComplexity, fileSize];

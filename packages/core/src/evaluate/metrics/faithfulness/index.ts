/** Metrics of whether relevance says what the model loses, one line each. */
import type { Metric } from "../../metric.ts";
import { faithfulnessCorrelation } from "./faithfulness-correlation.ts";
import { faithfulnessEstimate } from "./faithfulness-estimate.ts";
import { infidelity } from "./infidelity.ts";
import { monotonicityArya } from "./monotonicity-arya.ts";
import { monotonicityNguyen } from "./monotonicity-nguyen.ts";
import { mufidelity } from "./mufidelity.ts";
import { sensitivityN } from "./sensitivity-n.ts";

export const faithfulness: readonly Metric[] = [
  faithfulnessCorrelation,
  mufidelity,
  faithfulnessEstimate,
  sensitivityN,
  infidelity,
  monotonicityArya,
  monotonicityNguyen,
];

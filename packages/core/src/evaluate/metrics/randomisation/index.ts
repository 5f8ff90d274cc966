/** Metrics that ask whether a map depends on what the model learnt, one line each. */
import type { Metric } from "../../metric.ts";
import { cosineConvergence } from "./cosine-convergence.ts";
import { efficientMprt } from "./efficient-mprt.ts";
import { mprt } from "./mprt.ts";
import { randomLogit } from "./random-logit.ts";
import { smoothMprt } from "./smooth-mprt.ts";

export const randomisation: readonly Metric[] = [mprt, smoothMprt, efficientMprt, randomLogit, cosineConvergence];

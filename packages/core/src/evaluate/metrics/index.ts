/** All metrics, by name: one line a family. */
import type { Metric } from "../metric.ts";
import { axioms } from "./axioms/index.ts";
import { complexity } from "./complexity/index.ts";
import { faithfulness } from "./faithfulness/index.ts";
import { localisation } from "./localisation/index.ts";
import { perturbation } from "./perturbation/index.ts";
import { randomisation } from "./randomisation/index.ts";
import { robustness } from "./robustness/index.ts";

/** All metrics by name; `defineMetric` adds to them. */
export const metrics: Readonly<Record<string, Metric>> = Object.fromEntries(
  [...perturbation, ...faithfulness, ...localisation, ...complexity, ...robustness, ...randomisation, ...axioms].map((metric) => [
    metric.card.name,
    metric,
  ]),
);

/** How ordinary a decision is, in words. */
import type { Ordinary } from "../rows/ordinary.ts";
import { percent } from "./numbers.ts";

/** Below this percentile, or above 100 less it, a decision is worth a look. */
const RARE = 5;

export const ordinaryLines = ({ value, percentile, samples, prototype, unusual }: Ordinary): readonly string[] => [
  percentile === undefined
    ? `at '${value}': its class has ${samples} samples, too few to say how ordinary this is; nearest prototype ${prototype.name}`
    : `at '${value}': ${percentile < RARE ? "unusual, " : ""}more likely than ${Math.round(percentile)} % of the ${samples} samples of its class; nearest prototype ${prototype.name}`,
  `  farthest from usual: ${unusual
    .slice(0, 3)
    .map(
      ({ channel, share, usual, deviations }) =>
        `channel ${channel} has ${percent(share)}, usually ${percent(usual)} (${deviations > 0 ? "+" : ""}${deviations.toFixed(1)} σ)`,
    )
    .join("; ")}`,
];

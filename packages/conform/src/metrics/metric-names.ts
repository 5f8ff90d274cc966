/** Which of our metrics an entry's numbers come from. */
import { type Metric, metrics } from "@backlit/core";
import type { MetricExpectation } from "./case.ts";

/** Names that differ from ours. */
const OURS: Readonly<Record<string, string>> = { "region-perturbation": "aopc", sufficiency: "neighbour-sufficiency" };

/** Entries of several metrics. */
const SEVERAL: Readonly<Record<string, readonly string[]>> = {
  "map-only": ["complexity", "effective-complexity", "localisation"],
};

/** An entry of these may ask for numbers of others of the family: srg of a pixel-flipping. */
const SHARING = new Set(["perturbation", "complexity"]);

/** The entry's own metric first, then others that may have a number of this name. Empty where backlit has none. */
export const candidates = (entry: Pick<MetricExpectation, "metric" | "params">, name: string): readonly Metric[] => {
  const several = SEVERAL[entry.metric]?.flatMap((one) => metrics[one] ?? []);
  if (several !== undefined) return several;
  const own = metrics[ownName(entry)];
  if (own === undefined) return [];
  if (!SHARING.has(own.card.family)) return [own];
  const family = Object.values(metrics).filter(({ card }) => card !== own.card && card.family === own.card.family);
  const rank = ({ card }: Metric) => (card.name === name ? 0 : 1);
  return [own, ...family.sort((a, b) => rank(a) - rank(b))];
};

/** Faithfulness correlation by ranks is μFidelity, whatever its entry is called. */
const ownName = ({ metric, params }: Pick<MetricExpectation, "metric" | "params">): string => {
  if (metric !== "faithfulness-correlation" && metric !== "mufidelity") return OURS[metric] ?? metric;
  if (params.correlation === undefined) return metric;
  return String(params.correlation).startsWith("spearman") ? "mufidelity" : "faithfulness-correlation";
};

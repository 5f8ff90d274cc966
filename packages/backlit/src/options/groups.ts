/** The help of commands with many options stands in groups, the same ones everywhere. */
import type { Command } from "commander";

const MODEL = "What the model is:";
const DATA = "What the data is:";
const HOW = "How it is explained:";
const JUDGED = "How it is judged:";
const WORK = "How the work is done:";
const SHOWN = "What is written and shown:";
const OWN = "Of this command:";

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  [MODEL]: [
    ...["layout", "batch-axis", "channel-axis", "labels", "sample-rate", "allow", "output-kind", "class-axis"],
    ...["mean", "std", "size", "crop", "range", "bgr", "dim", "hold", "float"],
    ...["anchors", "box-decoder", "least-score", "overlap"],
  ],
  [DATA]: ["group", "label", "limit", "references", "groups", "input", "text-pair", "text-columns", "bytes", "recursive"],
  [HOW]: [
    ...["method", "methods", "composite", "recipe", "recipes", "set", "param", "seed", "score", "output", "explain", "target"],
    "on-unsupported",
  ],
  [JUDGED]: ["metric", "metrics", "unit", "imputer"],
  [WORK]: ["cache", "workers", "threads", "device", "seed-rng", "batch"],
  [SHOWN]: ["out", "charts", "values", "report", "json", "quiet", "debug", "why", "no-check"],
};
const GROUP_OF = new Map(Object.entries(GROUPS).flatMap(([group, names]) => names.map((name) => [name, group] as const)));

/** Fewer are seen at a glance. */
const FEW = 10;

/** Where metrics are chosen, `--set` and `--score` are theirs. */
const BOTH = ["set", "score"];

/** Puts every option into its group; those already in one that no other command has stay there. */
export const groupOptions = (command: Command): void => {
  const { options } = command;
  if (options.length <= FEW) return;
  const judges = options.some(({ long }) => long === "--metrics" || long === "--metric");
  for (const option of options) {
    const name = option.long?.slice(2) ?? "";
    const usual = judges && BOTH.includes(name) ? JUDGED : GROUP_OF.get(name);
    option.helpGroup(usual ?? option.helpGroupHeading ?? OWN);
  }
};

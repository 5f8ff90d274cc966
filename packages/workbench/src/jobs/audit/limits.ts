/** What this audit cannot say, from the cards of what it used and from what it was given. */
import { type MethodCard, metrics } from "@backlit/core";
import { THRESHOLDS } from "./checks.ts";
import type { AuditScore, AuditTask, Preflight } from "./document.ts";
import { questionOf } from "./words.ts";

export interface Known {
  readonly card: MethodCard | undefined;
  readonly preflight: Preflight;
  readonly scores: readonly AuditScore[];
  readonly task: AuditTask;
  readonly samples: number;
  /** Share of the samples whose predicted class is their label, and of how many. */
  readonly right?: { readonly share: number; readonly of: number };
}

export const limitsOf = ({ card, preflight, scores, task, samples, right }: Known): readonly string[] => {
  const used = [...new Set(scores.map(({ metric }) => metric))];
  const loses = Object.entries(preflight.loses).map(([cause, nodes]) => `${cause} (${nodes} ${nodes === 1 ? "node" : "nodes"})`);
  return [
    ...(samples < THRESHOLDS.samples ? [`${samples} samples: means are shown and not judged`] : []),
    "it speaks of this model, these samples and this recipe; of other data it says nothing",
    ...(task.target === "top" ? [`maps are judged for ${questionOf(task)}, right or wrong`] : []),
    ...(["top", "label"].includes(task.target)
      ? []
      : [`maps are judged for ${task.target} on all samples, whatever is predicted`]),
    ...(right === undefined
      ? [
          `${task.target === "top" && task.found === undefined ? "the data has no labels: " : ""}whether predictions are right was not looked at`,
        ]
      : [`the predicted class is the label on ${(100 * right.share).toFixed(1)} % of ${right.of} samples`]),
    ...(card === undefined
      ? []
      : [
          `assumed by ${card.name}: ${card.assumes}`,
          ...(card.classDiscriminative ? [] : [`maps of ${card.name} do not change with the class`]),
        ]),
    ...(preflight.fixed.length > 0 ? [`inputs held fixed and not explained: ${preflight.fixed.join(", ")}`] : []),
    ...(loses.length > 0 ? [`relevance may be lost to: ${loses.join(", ")}`] : []),
    ...used.map((name) => `known against ${name}: ${metrics[name]!.card.criticism}`),
  ];
};

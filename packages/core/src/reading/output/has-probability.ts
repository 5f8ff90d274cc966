/** Whether a probability can be had of an output: its own, or the softmax or sigmoid of its logits. */
import { fail } from "../../errors.ts";
import type { OutputReading } from "./output-reading.ts";

/** A single number that nothing is known of is none; several are logits at a guess, and their softmax a score among others. */
export const hasProbability = ({ kind, classes }: Pick<OutputReading, "kind" | "classes">): boolean =>
  classes && kind !== "scores" && kind !== "values";

/** The error BadRecipe for a probability asked of an output that has none. */
export const noProbability = ({ output, kind, why }: OutputReading) =>
  fail("BadRecipe", {
    what: "score probability",
    where: `output '${output}'`,
    why: `it holds ${kind}: ${why}`,
    fix: "take the score logit, which is the value itself, or say with --output-kind what it is",
  });

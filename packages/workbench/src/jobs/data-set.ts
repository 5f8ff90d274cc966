/** What jobs over a data set share, beside what judging needs: how relevance goes back, and the store. */
import type { ExplainOptions } from "@backlit/core";
import { readSeed } from "./classes.ts";
import type { JudgeRequest, JudgingSession } from "./evaluate/session.ts";
import type { ChoiceRequest } from "./request.ts";

export interface DataSetRequest extends JudgeRequest, Pick<ChoiceRequest, "recipe" | "seed"> {
  /** Where finished work is kept, by the host's name for it: a stopped run goes on. */
  readonly store?: string;
}

/** Errors: Usage for a seed that is none. */
export const explainedBy = ({ recipe, seed }: DataSetRequest, { bundle }: JudgingSession): Omit<ExplainOptions, "target"> => ({
  ...recipe,
  ...(seed !== undefined && { seed: readSeed(seed, bundle) }),
});

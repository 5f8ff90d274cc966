/** The last explanation, kept: what is asked about it later (how it holds, where relevance went, a report) costs no second one. */
import type { ExplainResult, OpenModel } from "@backlit/workbench";
import { optionsOf } from "./asked.ts";
import type { ExplainAsk } from "./messages.ts";
import { inputOf, openedModel } from "./opened.ts";

export interface Explained {
  readonly lit: OpenModel;
  readonly result: ExplainResult;
  readonly notices: readonly string[];
}

let last: { readonly turn: number; readonly lit: OpenModel; readonly explained: Explained } | undefined;

/** Errors: those of opening and explaining. */
export const explained = async (asked: ExplainAsk, progress: (text: string) => void): Promise<Explained> => {
  const { model, input, turn } = asked;
  const { lit } = await openedModel(model, progress);
  if (last?.turn === turn && last.lit === lit) return last.explained;
  progress("explaining");
  const results = await lit.results([inputOf(input)], { ...optionsOf(lit, asked), onProgress: progress });
  last = { turn, lit, explained: { lit, ...results } };
  return last.explained;
};

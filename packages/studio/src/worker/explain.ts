/** One explanation. */
import { type Shown, shownOf } from "../shown/shown.ts";
import type { ExplainAsk } from "./messages.ts";
import { inputOf, openedModel } from "./opened.ts";

export const explain = async ({ model, input, choice, target }: ExplainAsk, progress: (text: string) => void): Promise<Shown> => {
  const { lit } = await openedModel(model, progress);
  progress("explaining");
  const why = await lit.explain(inputOf(input), { ...choice, ...(target !== undefined && { target }), onProgress: progress });
  return shownOf(why);
};

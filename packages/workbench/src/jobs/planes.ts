/** Maps of samples as planes: what is compared from sample to sample. */
import { type Explainer, type FloatTensor, mapPlanes } from "@backlit/core";

/** Samples × 1 × height × width of maps of an input, channels summed. */
export const planesOf = (lit: Explainer, relevance: FloatTensor, explain?: string | readonly string[]): FloatTensor => {
  const { plan, reading } = lit.outline(explain === undefined ? {} : { explain });
  const roles = reading.axes.of(plan.explained[0]!) ?? [];
  const channel = roles.findIndex(({ role }) => role === "channel");
  return mapPlanes(relevance, channel < 1 ? undefined : channel);
};

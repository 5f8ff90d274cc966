/** Maps of samples as planes: what is compared from sample to sample. */
import { type Explainer, type FloatTensor, mapPlanes } from "@backlit/core";

/** Samples × 1 × height × width of maps of an input, summed along its axis of channels where it has one. */
export const planesOf = (
  lit: Explainer,
  relevance: FloatTensor,
  explain?: string | readonly string[],
): { readonly planes: FloatTensor; readonly channel: number | undefined } => {
  const { plan, reading } = lit.outline(explain === undefined ? {} : { explain });
  const roles = reading.axes.of(plan.explained[0]!) ?? [];
  const found = roles.findIndex(({ role }) => role === "channel");
  const channel = found < 1 ? undefined : found;
  return { planes: mapPlanes(relevance, channel), channel };
};

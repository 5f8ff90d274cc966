/** What a request asks, in the words of open models and of explainers. */
import type { ExplainOptions } from "@backlit/core";
import { type Bundle, choiceRequestOf, choicesOf, type WhyOptions } from "@backlit/workbench";
import type { Asked } from "./messages.ts";

/** For files as people send them. */
export const whyOptionsOf = ({ seed, random, textPair, ...asked }: Asked): WhyOptions => ({
  ...asked,
  // As bytes: no text is the name of a file of the server.
  ...(textPair && { textPair: textPair.map((text) => new TextEncoder().encode(text)) }),
  ...(seed !== undefined && { start: seed }),
  ...(random !== undefined && { seed: random }),
});

/** For tensors. Errors: Usage, BadTarget. */
export const tensorOptionsOf = (asked: Asked, bundle: Bundle): ExplainOptions => ({
  ...choicesOf(choiceRequestOf(whyOptionsOf(asked)), bundle),
  ...(asked.perStep !== undefined && { perStep: asked.perStep }),
  ...(asked.detections && { detections: asked.detections }),
  ...(asked.conditions && { conditions: asked.conditions, only: asked.only ?? false }),
  ...(asked.random !== undefined && { random: asked.random }),
});

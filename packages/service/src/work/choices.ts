/** What a request asks, in the words of open models and of explainers. */
import type { ExplainOptions } from "@backlit/core";
import { type Bundle, choiceRequestOf, choicesOf, type WhyOptions } from "@backlit/workbench";
import type { Asked } from "./messages.ts";

/** For files as people send them. */
export const whyOptionsOf = ({ seed, random, ...asked }: Asked): WhyOptions => ({
  ...asked,
  ...(seed !== undefined && { start: seed }),
  ...(random !== undefined && { seed: random }),
});

/** For tensors. Errors: Usage, BadTarget. */
export const tensorOptionsOf = (asked: Asked, bundle: Bundle): ExplainOptions => ({
  ...choicesOf(choiceRequestOf(whyOptionsOf(asked)), bundle),
  ...(asked.random !== undefined && { random: asked.random }),
});

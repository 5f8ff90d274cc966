/** What a request asks, in the words of open models and of explainers. */
import type { Choices, ExplainOptions } from "@backlit/core";
import { type Bundle, readSeed, readTargets, type WhyOptions } from "@backlit/workbench";
import type { Asked } from "./messages.ts";

/** For files as people send them. */
export const whyOptionsOf = ({ seed, random, ...asked }: Asked): WhyOptions => ({
  ...asked,
  ...(seed !== undefined && { start: seed }),
  ...(random !== undefined && { seed: random }),
});

/** For tensors. Errors: Usage, BadTarget. */
export const choicesOf = (asked: Asked, bundle: Bundle): ExplainOptions & Choices => {
  const { method, composite, params, recipe, target, output, seed, random } = asked;
  return {
    ...recipe,
    ...(method !== undefined && { method }),
    ...(composite !== undefined && { composite: { name: composite } }),
    ...(params !== undefined && { params }),
    ...(output !== undefined && { output }),
    ...(seed !== undefined && { seed: readSeed(seed, bundle) }),
    ...(target !== undefined && { target: readTargets(target, bundle) }),
    ...(random !== undefined && { random }),
  };
};

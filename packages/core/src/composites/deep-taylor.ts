import { BOX, type Composite, every, first } from "./composite.ts";

/**
 * Deep Taylor decomposition (Montavon et al. 2017): z⁺ where inputs are non-negative, and on the first layer the rule of its
 * input's domain, as the plan knows it: z⁺ behind operators that give nothing negative, z^B in a box of pixel values (given, or
 * from the preprocessing), w² without bounds.
 */
export const deepTaylor: Composite = {
  name: "deep-taylor",
  what: "z⁺, z^B or w² on the first layer by its input's domain, z⁺ above",
  source: "Montavon et al. 2017",
  parameters: BOX,
  rules: ({ low, high }) => [
    { match: { first: true, nonnegative: true }, rule: { name: "zplus" } },
    first(low === undefined ? { name: "wsquare" } : { name: "zbox", low, high }),
    every({ name: "zplus" }),
  ],
};

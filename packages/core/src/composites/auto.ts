/** Which composite a model gets when nobody chooses. Changed only on evidence from evaluation (docs/decisions). */
import { CONVOLUTION } from "./composite.ts";
import type { Traits } from "./traits.ts";

export interface Choice {
  readonly composite: string;
  readonly seed: "logit" | "log-odds" | "half-log-odds";
  readonly why: string;
}

const TABLE: readonly (Choice & { readonly when: (traits: Pick<Traits, "ops" | "attention">) => boolean })[] = [
  { when: ({ attention }) => attention, composite: "attnlrp", seed: "logit", why: "the model has attention" },
  {
    when: ({ ops }) => CONVOLUTION.some((op) => ops.has(op)),
    composite: "gamma-depth",
    seed: "log-odds",
    why: "the model has convolutions",
  },
  { when: () => true, composite: "epsilon", seed: "logit", why: "the model has dense layers only" },
];

export const automatic = (traits: Pick<Traits, "ops" | "attention">): Choice => TABLE.find(({ when }) => when(traits))!;

/**
 * Which composite and seed a model gets when nobody chooses: the first line that fits. In every line the head has ε and takes the seed as it
 * is, and batch norms that stay are layers (plan/recipe.ts). Changed only on evidence from evaluation (docs/decisions).
 */
import { CONVOLUTION, type ParameterValue } from "./composite.ts";
import type { Traits } from "./traits.ts";

export interface Choice {
  readonly composite: string;
  /** Of the composite; what somebody gives wins. */
  readonly params?: Readonly<Record<string, ParameterValue>>;
  readonly seed: "logit" | "log-odds" | "half-log-odds";
  readonly why: string;
  /**
   * Better than any rules is the difference from a reference, where one is known: DeepSHAP or DeepLIFT take it (explain/automatic.ts). The
   * rules are for what only relevance has: artefacts, ledgers, inner values.
   */
  readonly difference?: true;
}

/** As far as they are known: no trait is taken for granted. */
export type KnownTraits = Pick<Traits, "ops" | "attention"> & Partial<Omit<Traits, "ops" | "attention">>;

interface Line extends Choice {
  when(traits: KnownTraits): boolean;
}

const convolutional = ({ ops, convolutions }: KnownTraits): boolean =>
  convolutions === undefined ? CONVOLUTION.some((op) => ops.has(op)) : convolutions.size > 0;
const alongOneAxis = ({ convolutions }: KnownTraits): boolean => convolutions?.size === 1 && convolutions.has(1);
const depthwise = (traits: KnownTraits): boolean =>
  traits.depthwise === true && traits.layerNorm !== true && traits.convolutions?.has(2) === true;

/** Half of the layers or more work for attention. */
const transformer = ({ attention, attentionShare = 1 }: KnownTraits): boolean => attention && attentionShare >= 0.5;

const GAMMA_DEPTH = { composite: "gamma-depth", seed: "log-odds" } as const;
const GAMMA_BOTTLENECK = { composite: "gamma-bottleneck", seed: "log-odds" } as const;
const GAMMA_BOX = { composite: "gamma-box", seed: "half-log-odds" } as const;

const CONVOLUTIONAL: readonly Line[] = [
  { when: alongOneAxis, ...GAMMA_DEPTH, why: "the model has convolutions along one axis" },
  { when: depthwise, ...GAMMA_BOTTLENECK, why: "the model has depthwise convolutions" },
  { when: () => true, ...GAMMA_BOX, why: "the model has convolutions" },
];

const TABLE: readonly Line[] = [
  {
    when: (traits) => transformer(traits) && traits.input === "picture",
    composite: "attnlrp-gamma",
    params: { dense: 0 },
    seed: "half-log-odds",
    why: "the model is a transformer on pictures",
  },
  {
    when: (traits) => transformer(traits) && traits.input === "tokens",
    composite: "attnlrp-gamma",
    seed: "log-odds",
    why: "the model is a transformer on tokens",
  },
  { when: transformer, composite: "attnlrp-gamma", seed: "logit", why: "the model is a transformer" },
  ...CONVOLUTIONAL.map((line) => ({
    ...line,
    when: (traits: KnownTraits) => traits.attention && convolutional(traits) && line.when(traits),
    composite: `${line.composite}-attention`,
    why: `${line.why}, and attention`,
  })),
  {
    when: (traits) => traits.recurrent === true && !convolutional(traits),
    composite: "gamma",
    seed: "logit",
    why: "the model has recurrent layers",
  },
  ...CONVOLUTIONAL.map((line) => ({ ...line, when: (traits: KnownTraits) => convolutional(traits) && line.when(traits) })),
  {
    when: (traits) => !traits.attention && traits.input === "picture",
    composite: "gamma",
    params: { gamma: 0.05 },
    seed: "half-log-odds",
    why: "the model has dense layers only, and explains pictures",
  },
  {
    when: (traits) => !traits.attention && traits.likelihoods === true,
    composite: "epsilon",
    seed: "log-odds",
    why: "the model compares log-likelihoods, which say of each class alone how ordinary the row is",
  },
  {
    when: (traits) => !traits.attention && traits.input === "table",
    composite: "epsilon",
    seed: "logit",
    why: "the model has dense layers only, and explains a table",
    difference: true,
  },
  {
    when: (traits) => !traits.attention,
    composite: "epsilon",
    seed: "logit",
    why: "the model has dense layers only",
  },
  { when: () => true, composite: "epsilon", seed: "logit", why: "the model is of no kind that was measured" },
];

/** The first line of the table whose condition these traits meet; the last one meets all. */
export const automatic = (traits: KnownTraits): Choice => TABLE.find((line) => line.when(traits))!;

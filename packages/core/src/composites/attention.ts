import type { RuleSpec } from "../rules/index.ts";
import { type Composite, conv, type RuleEntry } from "./composite.ts";

const PARAMETERS = {
  linear: { what: "ε of layers, averages and normalizations", default: 1e-6, min: 0, exclusive: true },
  product: { what: "ε of matrix products of two values", default: 1e-8, min: 0, exclusive: true },
  add: { what: "ε of sums", default: 1e-8, min: 0, exclusive: true },
} as const;

const of = (kind: string, rule: RuleSpec): RuleEntry => ({ match: { kind }, rule });

/** What all of them share: ε wherever something is linear, a constant addend keeps its share, half of a product to each factor. */
const linearParts = ({ linear, add }: Readonly<Record<string, unknown>>): readonly RuleEntry[] => [
  of("linear", { name: "epsilon", epsilon: linear }),
  { match: { op: ["Add", "Sub", "Sum"], kind: ["sum", "shift"] }, rule: { name: "epsilon", epsilon: add } },
  { match: { kind: ["sum", "normalization"] }, rule: { name: "epsilon", epsilon: linear } },
  { match: { op: "BatchNormalization" }, rule: { name: "epsilon", epsilon: linear } },
  of("product", { name: "uniform" }),
];

/** AttnLRP (Achtibat et al. 2024): matrix products half to each operand, softmax by its Taylor expansion. */
export const attnlrp: Composite = {
  name: "attnlrp",
  what: "ε on layers, matrix products half to each operand, softmax by its Taylor expansion",
  source: "Achtibat et al. 2024",
  parameters: PARAMETERS,
  rules: (p) => [...linearParts(p), of("bilinear", { name: "bilinear", epsilon: p.product }), of("softmax", { name: "taylor" })],
};

/** Conservative propagation (Ali et al. 2022): attention weights are held fixed, so that attention is linear in the values. */
export const cpLrp: Composite = {
  name: "cp-lrp",
  what: "ε on layers, attention weights held fixed",
  source: "Ali et al. 2022",
  parameters: PARAMETERS,
  rules: (p) => [
    ...linearParts(p),
    of("bilinear", { name: "signal-takes-all", epsilon: p.product }),
    of("softmax", { name: "detach" }),
  ],
};

/** AttnLRP with γ on the layers: less noise in the maps of vision transformers. */
export const attnlrpGamma: Composite = {
  name: "attnlrp-gamma",
  what: "attnlrp with γ on convolutions and dense layers",
  source: "Achtibat et al. 2024, appendix",
  parameters: {
    ...PARAMETERS,
    convolution: { what: "γ of the patch convolution", default: 0.25, min: 0 },
    dense: { what: "γ of the dense layers", default: 0.05, min: 0 },
  },
  rules: (p) => [
    conv({ name: "gamma", gamma: p.convolution }),
    of("linear", { name: "gamma", gamma: p.dense }),
    ...attnlrp.rules(p),
  ],
};

/** Convolutional networks with attention in them (global context, CoAtNet, MaxViT, MobileViT): each part by the rules that suit it. */
import { attnlrp } from "./attention.ts";
import { type Composite, DENSE } from "./composite.ts";
import { gammaBottleneck } from "./gamma-bottleneck.ts";
import { gammaBox } from "./gamma-box.ts";
import { gammaDepth } from "./gamma-depth.ts";

/** The convolutions' rules, then AttnLRP's for what they leave: dense layers, products, softmax, normalizations, sums with a constant. */
const withAttention = (composite: Composite, name: string): Composite => ({
  ...composite,
  name,
  what: `${composite.name} on convolutions, attnlrp on the rest`,
  source: `${composite.source}; Achtibat et al. 2024`,
  parameters: { ...composite.parameters, ...attnlrp.parameters },
  batchnorm: "layer",
  rules: (p) => {
    const ofConvolutions = composite.rules(p).filter(({ match: { op } }) => op !== DENSE);
    // A gate of a convolution's channels (squeeze-and-excite) keeps the rule it has among convolutions.
    const ofAttention = attnlrp.rules(p).filter(({ match: { op, kind } }) => op !== "BatchNormalization" && kind !== "product");
    return [...ofConvolutions, ...ofAttention];
  },
});

export const gammaBoxAttention: Composite = withAttention(gammaBox, "gamma-box-attention");
export const gammaBottleneckAttention: Composite = withAttention(gammaBottleneck, "gamma-bottleneck-attention");
export const gammaDepthAttention: Composite = withAttention(gammaDepth, "gamma-depth-attention");

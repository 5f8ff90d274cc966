/** Newer standard operators that hold several layers at once, taken apart into those: rules are written for single layers. */
import { expanding, type Pass } from "../pass.ts";
import { attention } from "./attention.ts";
import { RotaryEmbedding } from "./rotary.ts";

export const standard: Pass = {
  name: "standard",
  what: "attention and rotary embeddings of newer opsets are written as single layers",
  apply: (traced) =>
    expanding("standard", "taken apart into single layers", { Attention: attention(traced.facts.types), RotaryEmbedding }).apply(
      traced,
    ),
};

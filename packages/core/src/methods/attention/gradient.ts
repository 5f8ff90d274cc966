/**
 * Gradient-weighted rollout (Chefer, Gur, Wolf 2021, "Generic attention-model explainability", eqs. 5 and 6, for self-attention): Ā = E_h (∇A ⊙ A)⁺,
 * R ← R + Ā R from R = I, layer by layer. The map is rows of R − I: that a token is itself says nothing about the class.
 */

import type { Method } from "../method.ts";
import { ATTENTION_RESIZE, attentionIn, identity, mapOfTokens, overHeads, ROWS, readRows, times, tokenMaps } from "./tokens.ts";

export const gradientRollout: Method = {
  card: {
    name: "gradient-rollout",
    family: "attention",
    what: "attention followed through all layers, each weight counted by what it adds to the class's score",
    assumes: "what speaks against the class may be left out; layers between attentions keep tokens apart",
    conserves: "nothing",
    cost: "G",
    classDiscriminative: true,
    source: "Chefer, Gur, Wolf 2021",
    parameters: { rows: ROWS, resize: ATTENTION_RESIZE },
  },
  attribute: async (task) => {
    const found = attentionIn(task).map(({ weights }) => weights);
    const maps = await tokenMaps(task, found, (layers) => {
      const { tokens } = layers[0]!;
      const relevance = identity(tokens);
      for (const layer of layers) {
        const counted = overHeads(layer, (i) => Math.max(layer.gradient[i]! * layer.weights[i]!, 0));
        const added = times(counted, relevance, tokens);
        for (let i = 0; i < added.length; i++) relevance[i]! += added[i]!;
      }
      for (let t = 0; t < tokens; t++) relevance[t * (tokens + 1)]! -= 1;
      return readRows(relevance, layers.at(-1)!, task.params.rows);
    });
    return mapOfTokens(task, maps, [`${found.length} attentions`]);
  },
};

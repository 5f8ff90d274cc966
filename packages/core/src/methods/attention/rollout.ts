/**
 * Attention rollout (Abnar and Zuidema 2020, eq. 1): with the residual stream as attention to oneself, Ã = (1 − r) E_h A + r I (r = 1/2), the
 * attention of the last layer to the input is Ã_B ⋯ Ã_2 Ã_1.
 */

import type { Method } from "../method.ts";
import { ATTENTION_RESIZE, attentionIn, identity, mapOfTokens, overHeads, ROWS, readRows, times, tokenMaps } from "./tokens.ts";

export const attentionRollout: Method = {
  card: {
    name: "attention-rollout",
    family: "attention",
    what: "attention followed through all layers, the residual stream as attention to oneself",
    assumes: "values and layers between attentions keep tokens apart and add nothing; the class is not asked for",
    conserves: "1 in all, over all tokens (class and register tokens included)",
    cost: "G",
    classDiscriminative: false,
    source: "Abnar, Zuidema 2020",
    parameters: {
      residual: { what: "share of the residual stream", default: 0.5, min: 0, max: 1 },
      rows: ROWS,
      resize: ATTENTION_RESIZE,
    },
  },
  attribute: async (task) => {
    const residual = task.params.residual as number;
    const found = attentionIn(task).map(({ weights }) => weights);
    const maps = await tokenMaps(task, found, (layers) => {
      const { tokens } = layers[0]!;
      const rollout = layers.reduce((before, layer) => {
        const mixed = overHeads(layer, (i) => (1 - residual) * layer.weights[i]!);
        for (let t = 0; t < tokens; t++) mixed[t * (tokens + 1)]! += residual;
        return times(mixed, before, tokens);
      }, identity(tokens));
      return readRows(rollout, layers.at(-1)!, task.params.rows);
    });
    return mapOfTokens(task, maps, [`${found.length} attentions`]);
  },
};

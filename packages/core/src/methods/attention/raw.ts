/** Raw attention: the rows of one layer's matrix the score reads, mean over heads. A look at the weights, not an explanation (Jain and Wallace 2019). */
import { fail } from "../../errors.ts";
import type { Method } from "../method.ts";
import { ATTENTION_RESIZE, attentionIn, mapOfTokens, overHeads, ROWS, readRows, tokenMaps } from "./tokens.ts";

export const rawAttention: Method = {
  card: {
    name: "raw-attention",
    family: "attention",
    what: "how much one attention layer looks at each token, mean over heads",
    assumes: "what is looked at is what counts; values and all other layers are left out",
    conserves: "1 in all, over all tokens (class and register tokens included)",
    cost: "G",
    classDiscriminative: false,
    source: "Vaswani et al. 2017",
    parameters: {
      block: { what: "which attention, from 1; 0: the last", default: 0, min: 0, integer: true },
      rows: ROWS,
      resize: ATTENTION_RESIZE,
    },
  },
  attribute: async (task) => {
    const found = attentionIn(task);
    const block = (task.params.block as number) || found.length;
    if (block > found.length)
      throw fail("BadRecipe", {
        what: `block ${block}`,
        why: `the model has ${found.length} attentions`,
        fix: "give 1 to that, or 0",
      });
    const shown = found[block - 1]!.weights;
    const names = [...new Set([shown, found.at(-1)!.weights])];
    const maps = await tokenMaps(task, names, (layers) =>
      readRows(
        overHeads(layers[0]!, (i) => layers[0]!.weights[i]!),
        layers.at(-1)!,
        task.params.rows,
      ),
    );
    return mapOfTokens(task, maps, [`attention ${block} of ${found.length}: '${shown}'`]);
  },
};

/** `pair:FILE`: the similarity to a second input. It has a map of pairs and no heatmap, so it is asked for by a function of its own. */
import { fail } from "../../errors.ts";
import type { TargetKind } from "./kind.ts";

export const pair: TargetKind = {
  form: "pair:FILE",
  read: (text) => {
    if (!/^pair(:.|$)/s.test(text)) return undefined;
    throw fail("BadTarget", {
      what: `target '${text}'`,
      why: "what is explained is a relation of two inputs, and its map has pairs of their parts",
      fix: "take explainPair(lit, x, other), or explainPair(lit, x) for a model that reads both",
    });
  },
};

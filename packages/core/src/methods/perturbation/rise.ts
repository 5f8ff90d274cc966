/**
 * RISE (Petsiuk et al. 2018, eq. 6): the mean of random masks, weighted by the score of the input under each,
 *   R = 1/(N·p) Σ f(x ⊙ M) M,
 * with the baseline where the mask is 0. Signed: the mean score where a position was kept minus that where it was hidden, Σ fM/ΣM − Σ f(1 − M)/Σ(1 − M).
 */

import type { Method } from "../method.ts";
import { BASELINE } from "../reference/baseline.ts";

export const rise: Method = {
  card: {
    name: "rise",
    family: "perturbation",
    what: "the mean of random masks, weighted by the score of the input seen through each",
    assumes: "the baseline means absence; with few masks the map is noisy",
    conserves: "nothing: scores are averaged, not taken apart",
    cost: "masks × baselines F",
    classDiscriminative: true,
    modelAgnostic: true,
    joint: true,
    source: "Petsiuk, Das, Saenko 2018",
    parameters: {
      masks: { what: "random masks", default: 4000, min: 1, max: 1_000_000, integer: true },
      cells: {
        what: "cells of a mask along each side; tokens, features and groups that are given are a cell each",
        default: 7,
        min: 1,
        max: 1000,
        integer: true,
      },
      keep: { what: "probability that a cell is kept", default: 0.5, min: 0.01, max: 0.99 },
      signed: { what: "the mean where hidden is subtracted: evidence against the class is negative", default: false },
      baseline: BASELINE,
    },
  },
  // Asked for by name only: a page need not fetch it before.
  attribute: async (task) => (await import("./weighted-masks.ts")).weighMasks(task),
};

/**
 * DeepSHAP (Lundberg & Lee 2017; Chen, Lundberg & Lee 2021): DeepLIFT against many references, averaged. Complete for each reference,
 * and so for the mean: ΣR = f(x) − mean of f(references).
 */

import { repeatedRows } from "../../oracle/rows.ts";
import { sampleOf } from "../../tensor/float.ts";
import { momentsOf } from "../gradient/moments.ts";
import type { Method } from "../method.ts";
import { BASELINE, baselinesOf } from "./baseline.ts";

export const deepShap: Method = {
  card: {
    name: "deep-shap",
    family: "reference",
    what: "the difference from reference inputs: DeepLIFT averaged over them, with the standard error of the average",
    assumes: "the references are what inputs look like without the evidence",
    conserves: "f(x) − mean of f(references)",
    cost: "references × (1 G and 2 forward passes)",
    classDiscriminative: true,
    source: "Lundberg, Lee 2017; Chen, Lundberg, Lee 2021; through trees Chen, Lundberg, Lee 2022",
    joint: true,
    parameters: {
      rule: { what: "the rule at activations", default: "rescale", choices: ["rescale", "reveal-cancel"] },
      baseline: { ...BASELINE, what: `where no references are given: ${BASELINE.what}` },
    },
  },
  attribute: async (task) => {
    const { x, params, oracle, references } = task;
    const baselines =
      references === undefined
        ? baselinesOf(params.baseline!, task)
        : Array.from({ length: references.dims[0]! }, (_, m) => ({
            write: (_n: number, into: Float32Array) => into.set(sampleOf(references, m)),
          }));
    const count = baselines.length;
    const rows = {
      ...repeatedRows(oracle.samples, count, (n, _, into) => into.set(sampleOf(x, n))),
      reference: (k: number, into: Float32Array) => baselines[k % count]!.write(Math.floor(k / count), into),
    };
    const moments = momentsOf(x, count);
    const recipe = { method: "deeplift", params: { rule: params.rule, baseline: "input" } };
    const width = x.data.length / oracle.samples;
    const scores = new Float64Array(oracle.samples);
    const there = new Float64Array(oracle.samples);
    task.announce(2 * rows.count);
    await oracle.relevance(
      rows,
      (k, { relevance, score }) => {
        moments.add(relevance, rows.sample(k) * width);
        scores[rows.sample(k)] = score;
      },
      { recipe },
    );
    // What the maps add up to is measured, not taken from their sums.
    await oracle.scores({ ...rows, write: rows.reference }, (k, { score }) => {
      there[rows.sample(k)]! += score / count;
    });
    const difference = Array.from(scores, (score, n) => ({ score, reference: there[n]! }));
    return { relevance: moments.mean(), difference, ...(count > 1 && { spread: moments.standardError() }) };
  },
};

/**
 * LIME (Ribeiro et al. 2016): a linear model of the groups that are there, z ∈ {0, 1}ᴹ, fitted to the score around x:
 *   min Σ π(z) (f(z) − β₀ − βᵀz)² + λ‖β‖²,   π(z) = exp(−D(1, z)²/σ²),
 * D the cosine or Euclidean distance. R of a group is its β.
 */

import { checkGroupCount, choleskyOrPenalized, LeastSquares, penalized, solveCholesky } from "../../numeric/least-squares.ts";
import { sampleOf, zerosLike } from "../../tensor/float.ts";
import type { Method } from "../method.ts";
import { BASELINE } from "../reference/baseline.ts";
import { askCoalitions, FEATURES, giveToValues, groupNotice, groupsOfTask, SHARE } from "./coalitions.ts";

export const lime: Method = {
  card: {
    name: "lime",
    family: "perturbation",
    what: "weights of a linear model fitted to the score of inputs with random groups taken away, near ones counting more",
    assumes: "the baseline means absence, and the score is nearly linear in the groups around the input",
    conserves: "nothing; f(x) − f(baseline) where the score is a sum over the groups and the penalty is small",
    cost: "samples × baselines F",
    classDiscriminative: true,
    modelAgnostic: true,
    joint: true,
    source: "Ribeiro, Singh, Guestrin 2016",
    parameters: {
      samples: { what: "inputs asked about; all, when there are no more", default: 1000, min: 2, max: 1_000_000, integer: true },
      features: FEATURES,
      kernel: { what: "width σ of the kernel, in units of the distance", default: 0.25, min: 0.001, max: 1000 },
      distance: {
        what: "distance between the groups that are there and all of them",
        default: "cosine",
        choices: ["cosine", "euclidean"],
      },
      ridge: { what: "penalty λ on the squared weights", default: 1, min: 0, max: 1e6 },
      baseline: BASELINE,
      share: SHARE,
    },
  },
  attribute: async (task) => {
    const { params, random } = task;
    const { samples, kernel, distance, ridge } = params as { samples: number; kernel: number; distance: string; ridge: number };
    const groups = groupsOfTask(task);
    for (const { count } of groups) checkGroupCount("lime", count);
    const relevance = zerosLike(task.x);
    const all = groups.map(({ count }) => 2 ** count <= samples);
    // The last column is the intercept.
    const row = groups.map(({ count }) => new Uint8Array(count + 1).fill(1));
    let fit = new LeastSquares(0);
    const notices = new Set([groupNotice(groups, params.features)]);
    const counts = groups.map(({ count }, n) => (all[n] ? 2 ** count : samples));
    await askCoalitions(
      task,
      groups,
      {
        counts,
        keep: (n, k, into) => {
          if (k === 0) return void into.fill(1); // x itself
          const stream = all[n] ? undefined : random.stream(random.id(n), k);
          for (let g = 0; g < into.length; g++) into[g] = stream ? Math.floor(2 * stream.next()) : ((k >> g) & 1) ^ 1;
        },
      },
      (n, k, score, kept) => {
        const m = kept.length;
        if (k === 0) fit = new LeastSquares(m + 1);
        row[n]!.set(kept);
        // All of them stand for as many samples as were asked for: the penalty keeps its meaning.
        fit.add(row[n]!, (samples / counts[n]!) * Math.exp(-((distanceOf(kept, distance) / kernel) ** 2)), score);
        if (k < counts[n]! - 1) return;
        const { l, penalty } = choleskyOrPenalized(penalized(fit.gram, m + 1, ridge, m), m + 1);
        if (penalty > 0) notices.add("fewer inputs were asked about than there are weights: a small penalty chose among them");
        giveToValues(groups[n]!, solveCholesky(l, fit.moments), params.share, sampleOf(relevance, n));
      },
    );
    return { relevance, notices: [...notices] };
  },
};

/** Between z and all ones: 1 − √(|z|/M), or √(M − |z|). */
const distanceOf = (z: Uint8Array, kind: string): number => {
  let there = 0;
  for (const bit of z) there += bit;
  return kind === "euclidean" ? Math.sqrt(z.length - there) : 1 - Math.sqrt(there / z.length);
};

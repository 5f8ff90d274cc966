/**
 * KernelSHAP (Lundberg and Lee 2017): Shapley values as the weighted least squares
 *   min Σ π(z) (v(z) − v(∅) − φᵀz)²   with   Σφ = v(all) − v(∅).
 * With A = Σ π z zᵀ, b = Σ π z (v(z) − v(∅)): φ = A⁻¹(b − λ1), λ = (1ᵀA⁻¹b − v(all) + v(∅))/(1ᵀA⁻¹1) (Covert and Lee 2021). With all coalitions φ is exact.
 */

import { checkGroupCount, choleskyOrPenalized, LeastSquares, solveCholesky } from "../../numeric/least-squares.ts";
import { sampleOf, zerosLike } from "../../tensor/float.ts";
import type { Method } from "../method.ts";
import { BASELINE } from "../reference/baseline.ts";
import { askCoalitions, FEATURES, giveToValues, groupNotice, groupsOfTask, SHARE } from "./coalitions.ts";
import { kernelPlan } from "./shapley-kernel.ts";

export const kernelShap: Method = {
  card: {
    name: "kernel-shap",
    family: "perturbation",
    what: "Shapley values of groups by one weighted linear fit over coalitions",
    assumes: "the baseline means absence; with few samples the values are estimates that still add up",
    conserves: "f(x) − f(baseline)",
    cost: "(2 + samples) × baselines F",
    classDiscriminative: true,
    modelAgnostic: true,
    joint: true,
    source: "Lundberg, Lee 2017; Covert, Lee 2021",
    parameters: {
      samples: {
        what: "coalitions asked about; all, when there are no more",
        default: 1000,
        min: 2,
        max: 1_000_000,
        integer: true,
      },
      features: FEATURES,
      baseline: BASELINE,
      share: SHARE,
    },
  },
  attribute: async (task) => {
    const { params, random } = task;
    const groups = groupsOfTask(task);
    for (const { count } of groups) checkGroupCount("kernel-shap", count);
    const plans = groups.map(({ count }, n) =>
      count < 2 ? undefined : kernelPlan(count, params.samples as number, random, random.id(n)),
    );
    const scratch = groups.map(({ count }) => new Uint8Array(count));
    const relevance = zerosLike(task.x);
    const notices = new Set([groupNotice(groups, params.features)]);
    const counts = plans.map((plan) => 2 + (plan?.count ?? 0));
    let [empty, gain] = [0, 0];
    let fit = new LeastSquares(0);
    await askCoalitions(
      task,
      groups,
      {
        counts,
        keep: (n, k, into) => {
          if (k === 1) into.fill(1);
          if (k > 1) plans[n]!.write(k - 2, into);
        },
      },
      (n, k, score, kept) => {
        if (k === 0) {
          empty = score;
          fit = new LeastSquares(kept.length);
        } else if (k === 1) gain = score - empty;
        else fit.add(kept, plans[n]!.write(k - 2, scratch[n]!.fill(0)), score - empty);
        if (k < counts[n]! - 1) return;
        const { values, sure } = constrained(fit, gain);
        if (!sure)
          notices.add("fewer coalitions than groups: a small penalty chose among values that fit as well; ask for more samples");
        giveToValues(groups[n]!, values, params.share, sampleOf(relevance, n));
      },
    );
    return { relevance, notices: [...notices] };
  },
};

const constrained = ({ gram, moments, width }: LeastSquares, gain: number): { values: Float64Array; sure: boolean } => {
  if (width < 2) return { values: new Float64Array(width).fill(gain), sure: true };
  const { l, penalty } = choleskyOrPenalized(gram, width);
  const free = solveCholesky(l, moments);
  const ones = solveCholesky(l, new Float64Array(width).fill(1));
  const sum = (v: Float64Array) => v.reduce((a, b) => a + b, 0);
  const lambda = (sum(free) - gain) / sum(ones);
  return { values: free.map((v, i) => v - lambda * ones[i]!), sure: penalty === 0 };
};

/** Feature ablation: R of a group is f(x) − f(x without that group), one group at a time. */

import { sampleOf, zerosLike } from "../../tensor/float.ts";
import type { Method } from "../method.ts";
import { BASELINE } from "../reference/baseline.ts";
import { askCoalitions, FEATURES, giveToValues, groupNotice, groupsOfTask, SHARE } from "./coalitions.ts";

export const featureAblation: Method = {
  card: {
    name: "feature-ablation",
    family: "perturbation",
    what: "how far the score falls when one group of values is taken away",
    assumes: "the baseline means absence, and groups act alone: what two of them say together is not seen, or seen twice",
    conserves: "nothing; f(x) − f(baseline) where the score is a sum over the groups",
    cost: "(1 + groups) × baselines F",
    classDiscriminative: true,
    modelAgnostic: true,
    joint: true,
    source: "Zeiler, Fergus 2014; Kokhlikyan et al. 2020",
    parameters: { features: FEATURES, baseline: BASELINE, share: SHARE },
  },
  attribute: async (task) => {
    const groups = groupsOfTask(task);
    const relevance = zerosLike(task.x);
    const falls = groups.map(({ count }) => new Float64Array(count));
    let full = 0;
    await askCoalitions(
      task,
      groups,
      {
        counts: groups.map(({ count }) => 1 + count),
        keep: (_, k, into) => {
          into.fill(1);
          if (k > 0) into[k - 1] = 0;
        },
      },
      (n, k, score) => {
        if (k === 0) full = score;
        else falls[n]![k - 1] = full - score;
      },
    );
    for (const [n, of] of groups.entries()) giveToValues(of, falls[n]!, task.params.share, sampleOf(relevance, n));
    return { relevance, notices: [groupNotice(groups, task.params.features)] };
  },
};

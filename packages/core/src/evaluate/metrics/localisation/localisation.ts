/** Whether relevance lies on the object: the pointing game, shares of mass and of ranks, the area under the ROC curve. */
import type { Metric, Trial } from "../../metric.ts";
import { eachSample } from "../../metric.ts";
import { positiveShare } from "./mass.ts";
import { type Placed, placedOf } from "./object.ts";
import { aucOf, pointing, topShare } from "./rank.ts";

const SHARE = { direction: "higher", range: "0 to 1" } as const;

export const localisation: Metric = {
  card: {
    name: "localisation",
    family: "localisation",
    what: "does relevance lie on the object",
    definition:
      "R: sum over channels, N positions; S: positions of the object. Mass accuracy = Σ_S R⁺/Σ R⁺, weighted: times N/|S|. Rank accuracy = |top K ∩ S|/K with K = |S|; top-k intersection the same with a fixed k; of equal values the first comes first. Pointing game = share of the (tied) maxima of R in S, or within a distance of it. AUC = P(R in S > R outside) + ½ P(=)",
    source:
      "Zhang et al. 2018, Top-down neural attention (pointing game); Arras, Osman and Samek 2022, CLEVR-XAI (mass and rank accuracy); Theiner et al. 2022 (top-k intersection); Kohlbrenner et al. 2020 (weighted mass); Fawcett 2006 (AUC)",
    scores: {
      mass_accuracy: { what: "share of positive relevance on the object", ...SHARE },
      mass_accuracy_weighted: {
        what: "the same over the object's share of the picture",
        direction: "higher",
        range: "0 to N/|S|",
      },
      rank_accuracy: { what: "share of the |S| most relevant positions on the object", ...SHARE },
      topk_intersection: { what: "share of the k most relevant positions on the object", ...SHARE },
      auc: { what: "chance that a position on the object is more relevant than one off it", ...SHARE },
      pointing_game: { what: "is the maximum on the object", ...SHARE },
      pointing_game_tolerance: { what: "is the maximum on the object, or near it", ...SHARE },
    },
    cost: "0",
    criticism:
      "Assumes the model looks at the object. One that looks at the background is explained well by a map that scores badly here; large objects are easy.",
    needs: ["masks"],
    parameters: {
      k: { what: "positions of the top-k intersection", default: 100, min: 1, max: 1e9, integer: true },
      tolerance: {
        what: "how many positions beside the object still count, in the pointing game",
        default: 15,
        min: 0,
        max: 1e6,
      },
    },
  },
  measure: async (trial: Trial) => {
    const { params } = trial;
    const placed = placedOf(trial, localisation.card);
    const each = (score: (of: Placed) => number) => eachSample(trial, (n) => score(placed[n]!));
    const mass = each(({ map, inside }) => positiveShare(map, inside));
    return {
      scores: {
        mass_accuracy: mass,
        mass_accuracy_weighted: mass.map((share, n) => (share * placed[n]!.map.length) / placed[n]!.size),
        rank_accuracy: each((of) => topShare(of, of.size)),
        topk_intersection: each((of) => topShare(of, Number(params.k))),
        auc: each(aucOf),
        pointing_game: each((of) => pointing(of, 0)),
        pointing_game_tolerance: each((of) => pointing(of, Number(params.tolerance))),
      },
    };
  },
};

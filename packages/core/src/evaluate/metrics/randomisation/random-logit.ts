import { fail } from "../../../errors.ts";
/** Random logit test (Sixt et al. 2020): the map of another class should be another map. */
import { eachSample, type Metric, type Trial } from "../../metric.ts";
import { comparer, explainingIn, NORMALISE } from "./cascade.ts";
import { CLASS_KEY } from "./weights.ts";

const ALIKE = { direction: "lower", range: "−1 to 1" } as const;

export const randomLogit: Metric = {
  card: {
    name: "random-logit",
    family: "randomisation",
    what: "does the map change with the class",
    definition: "similarity of the map of the class and of those of other classes, drawn at random; mean over these",
    source: "Sixt, Granz and Landgraf 2020, When explanations lie: why many modified BP attributions fail",
    scores: {
      spearman: { what: "Spearman's ρ", ...ALIKE },
      spearman_abs: { what: "Spearman's ρ of |R|", ...ALIKE },
      ssim: { what: "SSIM (Gaussian window)", ...ALIKE },
    },
    cost: "others × the method's cost",
    criticism:
      "Classes that share features may rightly share relevance; most classes of a large model have nothing in the picture. With a single logit the other class's map is the same with the sign turned. Noisy maps are unlike anything.",
    needs: ["explain"],
    parameters: {
      others: { what: "how many other classes; as many as there are: all", default: 1, min: 1, max: 1e6, integer: true },
      normalise: NORMALISE,
    },
  },
  measure: async (trial) => {
    const explaining = explainingIn(trial, randomLogit.card, false);
    const samples = Array.from(trial.ids, (_, n) => n);
    const others = samples.map((n) => othersOf(trial, n));
    const compare = comparer(trial, trial.relevance);
    const found: ReturnType<typeof compare>[] = [];
    for (const k of others[0]!.keys()) {
      const targets = others.map((of) => of[k]!);
      found.push(compare(await explaining.maps(trial.x, samples, targets)));
    }
    const mean = (name: "spearman" | "spearman_abs" | "ssim") =>
      eachSample(trial, (n) => found.reduce((sum, of) => sum + of[name][n]!, 0) / found.length);
    return { scores: { spearman: mean("spearman"), spearman_abs: mean("spearman_abs"), ssim: mean("ssim") } };
  },
};

/** Other classes of a sample: the last of several indices changes. */
const othersOf = ({ model, ids, random, params }: Trial, n: number): readonly (readonly number[])[] => {
  if (model.options.aims !== undefined)
    throw fail("BadRecipe", {
      what: "other classes",
      why: "what is explained has no index",
      fix: "name a class, or leave the metric out",
    });
  const count = Math.max(2, model.options.classes.at(-1)!);
  const own = model.targets[n]!;
  return Array.from(random.stream(ids[n]!, 0, CLASS_KEY).permutation(count))
    .filter((index) => index !== own.at(-1))
    .slice(0, Number(params.others))
    .map((index) => [...own.slice(0, -1), index]);
};

/** Interventional Shapley values of tree ensembles, exact, in one pass over their leaves. */
import { fail } from "../errors.ts";
import { compiled } from "./compiled.ts";

/** What rows are compared with: those given, one between the thresholds, a number, one for each column. */
export type TreeBaseline = "references" | "thresholds" | number | readonly number[];

const baselineOf = (baseline: unknown = "thresholds"): TreeBaseline => {
  const finite = (value: unknown) => typeof value === "number" && Number.isFinite(value);
  if (baseline === "references" || baseline === "thresholds" || finite(baseline)) return baseline as TreeBaseline;
  if (Array.isArray(baseline) && baseline.length > 0 && baseline.every(finite)) return baseline;
  throw fail("BadRecipe", {
    what: `params.baseline ${JSON.stringify(baseline)}`,
    fix: "thresholds, a number, a list of one for each column, or references, which are given beside the recipe",
  });
};

export const treeShap = compiled({
  card: {
    name: "tree-shap",
    family: "reference",
    classDiscriminative: true,
    what: "exact Shapley values of the columns of a tree ensemble: what a column's value adds on average, the columns not yet counted taken from background rows",
    assumes:
      "background rows (--references) are what rows look like otherwise; columns that go together in the data are still taken apart; --score probability weighs each background row's values by (p(x) − p(z))/(f(x) − f(z)): complete, but no Shapley value",
    conserves: "f(x) − mean of f(background rows), f the raw score (margin, or share of votes)",
    cost: "one pass: leaves × background rows × columns on a path, whatever the number of columns of the table",
    source: "Lundberg et al. 2020 (interventional TreeSHAP); Janzing, Minorics, Blöbaum 2020",
    parameters: {
      baseline: {
        what: "the background where no references are given: thresholds (one row, just below the middle threshold of each column), a number, or a list of one for each column",
        default: "thresholds",
      },
      interactions: {
        what: "Shapley interaction values of all pairs of columns too: half of each on either side of the diagonal, what is left of a column's own value on it",
        default: false,
      },
    },
  },
  flow: "shapley",
  takesReferences: true,
  read: { baseline: baselineOf },
});

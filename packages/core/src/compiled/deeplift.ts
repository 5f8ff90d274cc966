/** DeepLIFT: multipliers of the difference from a reference. */
import { fail } from "../errors.ts";
import { compiled } from "./compiled.ts";

interface DeepLiftParams {
  /** The reference: a number, one for each column (along the last axis), or "input": a further input of the artefact. */
  readonly baseline: number | readonly number[] | "input";
  readonly rule: "rescale" | "reveal-cancel";
}

const baselineOf = (baseline: unknown = 0): DeepLiftParams["baseline"] => {
  const finite = (value: unknown) => typeof value === "number" && Number.isFinite(value);
  if (baseline === "input" || finite(baseline) || (Array.isArray(baseline) && baseline.length > 0 && baseline.every(finite)))
    return baseline as DeepLiftParams["baseline"];
  throw fail("BadRecipe", {
    what: `params.baseline ${JSON.stringify(baseline)}`,
    fix: 'a number, a list of one for each column, or "input"',
  });
};

export const deeplift = compiled({
  card: {
    name: "deeplift",
    family: "reference",
    classDiscriminative: true,
    what: "the difference from a reference, handed back through the differences of all activations",
    assumes:
      "the reference (baseline) is what an input without the evidence is; on attention its maps are at the level of random ones",
    conserves:
      "f(x) − f(baseline), all inputs at their baseline; one of several explained inputs shows its share of that, not f(x) − f(x with that input replaced); of a region of mixed probabilities v·(p(x) − p(baseline)), v the score's slope at x: the chords that one class at one place has would need the reference's own p, pixel by pixel, before v is fed",
    cost: "1 G and a forward pass of the baseline",
    source: "Shrikumar et al. 2017",
    parameters: {
      baseline: {
        what: "the reference: one number for every value, or a list of one for each column; input: fed to the compiled model",
        default: 0,
      },
      rule: {
        what: "positive and negative differences together (rescale) or apart",
        default: "rescale",
        choices: ["rescale", "reveal-cancel"],
      },
    },
  },
  flow: "difference",
  read: { baseline: baselineOf },
});

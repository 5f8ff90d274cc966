/**
 * Colours of the sample under a reweighted histogram: the weights of its positions are drawn from Dirichlet(1, …, 1) once a repeat, then
 * every position's colour from the positions by those weights. Repeats differ in which colours there are, not only in where they fall.
 */
import { coloursBy } from "./colours.ts";
import type { Imputer } from "./imputer.ts";

export const dirichlet: Imputer = {
  card: {
    name: "dirichlet",
    form: "dirichlet",
    what: "as histogram, the colours weighted by a draw from a flat Dirichlet distribution, one a repeat",
    source: "the Bayesian bootstrap (Rubin 1981) of the sample's colours",
    random: true,
  },
  prepare: (_, sample) =>
    coloursBy(sample, (stream, positions) => {
      // Independent exponential numbers over their sum are a flat Dirichlet draw; only the running sums are needed.
      const sums = new Float64Array(positions);
      let total = 0;
      for (let p = 0; p < positions; p++) {
        total -= Math.log(1 - stream.next());
        sums[p] = total;
      }
      return () => firstAbove(sums, stream.next() * total);
    }),
};

const firstAbove = (sums: Float64Array, value: number): number => {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
};

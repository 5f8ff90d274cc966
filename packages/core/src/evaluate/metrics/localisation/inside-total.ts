/** Inside-total relevance ratio (Kohlbrenner et al. 2020), by masks or by the boxes around them. */
import { eachSample, type Metric } from "../../metric.ts";
import { outsideInside, positiveShare } from "./mass.ts";
import { type Placed, placedOf } from "./object.ts";

export const insideTotalRatio: Metric = {
  card: {
    name: "inside-total-ratio",
    family: "localisation",
    what: "share of positive relevance inside the object's box",
    definition:
      "μ = R_in/R_tot with the sums of positive relevance inside and everywhere; μ_w = μ · S_tot/S_in with the sizes of both; outside-inside ratio = mean R⁺ outside/mean R⁺ inside",
    source:
      "Kohlbrenner et al. 2020, Towards best practice in explaining neural network decisions with LRP (μ, μ_w); Lapuschkin et al. 2016, Analyzing classifiers: Fisher vectors and deep neural networks (outside-inside ratio)",
    scores: {
      inside_total_ratio: { what: "μ", direction: "higher", range: "0 to 1" },
      inside_total_ratio_weighted: { what: "μ_w: 1 for an even map", direction: "higher", range: "0 to S_tot/S_in" },
      outside_inside_ratio: { what: "mean outside over mean inside", direction: "lower", range: "at least 0" },
    },
    cost: "0",
    criticism:
      "A box holds background, too. Assumes the model looks at the object; negative relevance does not count. μ of large objects is large for any map.",
    needs: ["masks"],
    parameters: {
      region: { what: "box: the smallest box around the mask; mask: the mask itself", default: "box", choices: ["box", "mask"] },
    },
  },
  measure: async (trial) => {
    const placed = placedOf(trial, insideTotalRatio.card);
    const inside = placed.map((of) => (trial.params.region === "box" ? boxed(of) : of.inside));
    const ratio = eachSample(trial, (n) => positiveShare(placed[n]!.map, inside[n]!));
    return {
      scores: {
        inside_total_ratio: ratio,
        inside_total_ratio_weighted: ratio.map((share, n) => (share * inside[n]!.length) / inside[n]!.reduce((a, b) => a + b, 0)),
        outside_inside_ratio: eachSample(trial, (n) => outsideInside(placed[n]!.map, inside[n]!)),
      },
    };
  },
};

/** Everything between the first and the last place of the mask along every axis. */
const boxed = ({ inside, sizes }: Placed): Uint8Array => {
  const box = Uint8Array.from(inside, () => (inside.includes(1) ? 1 : 0));
  let stride = 1;
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    const [size, step] = [sizes[axis]!, stride];
    const place = (i: number) => Math.floor(i / step) % size;
    let [first, last] = [size, -1];
    inside.forEach((is, i) => {
      if (is === 1) [first, last] = [Math.min(first, place(i)), Math.max(last, place(i))];
    });
    box.forEach((_, i) => {
      if (place(i) < first || place(i) > last) box[i] = 0;
    });
    stride *= size;
  }
  return box;
};

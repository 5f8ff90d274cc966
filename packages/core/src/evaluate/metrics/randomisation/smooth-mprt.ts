/** Smooth MPRT (Hedström et al. 2024): the randomisation test with noise averaged out, so that a noisy method gains nothing by it. */
import { type FloatTensor, sampleOf, zerosLike } from "../../../tensor/float.ts";
import type { Explaining, Metric, Trial } from "../../metric.ts";
import { spanOf } from "../../removal/span.ts";
import { CASCADE, CASCADE_SCORES, cascade, explainingIn } from "./cascade.ts";
import { NOISE_KEY } from "./weights.ts";

export const smoothMprt: Metric = {
  card: {
    name: "smooth-mprt",
    family: "randomisation",
    what: "do maps, averaged over noisy inputs, change when the layers' weights are drawn anew",
    definition:
      "MPRT between means over i = 1 … samples of the maps of x + η_i, η normal with standard deviation noise · (max x − min x), of the trained and of the changed model",
    source: "Hedström et al. 2024, A fresh look at sanity checks for saliency maps (sMPRT)",
    scores: CASCADE_SCORES,
    cost: "(1 + steps × draws) × samples × the method's cost, and steps × draws models loaded",
    criticism: "What is judged is the method with SmoothGrad around it. The other limits of MPRT remain.",
    needs: ["explain", "randomised"],
    parameters: {
      ...CASCADE,
      samples: { what: "noisy inputs a map is averaged over", default: 10, min: 1, max: 10_000, integer: true },
      noise: { what: "standard deviation, as a share of the sample's range", default: 0.2, min: 0, max: 10 },
    },
  },
  measure: async (trial) => {
    const explaining = explainingIn(trial, smoothMprt.card);
    return cascade(trial, explaining, await smoothed(trial, explaining), (changed) => smoothed(trial, changed));
  },
};

/** The same noise for every model. */
const smoothed = async ({ x, ids, params, random }: Trial, explaining: Explaining): Promise<FloatTensor> => {
  const samples = Array.from(ids, (_, n) => n);
  let sum: Float64Array | undefined;
  let maps: FloatTensor | undefined;
  for (let draw = 0; draw < Number(params.samples); draw++) {
    const noisy = zerosLike(x);
    for (const n of samples) {
      const [row, stream] = [sampleOf(x, n), random.stream(ids[n]!, draw, NOISE_KEY)];
      const deviation = Number(params.noise) * spanOf(row);
      sampleOf(noisy, n).forEach((_, i, into) => {
        into[i] = row[i]! + deviation * stream.normal();
      });
    }
    maps = await explaining.maps(noisy, samples);
    sum ??= new Float64Array(maps.data.length);
    for (let i = 0; i < sum.length; i++) sum[i]! += maps.data[i]!;
  }
  return { ...maps!, data: Float32Array.from(sum!, (value) => value / Number(params.samples)) };
};

/** File size (Samek et al. 2017): a map that is easy to describe makes a small picture. */
import { layoutOf } from "../../../features/layout.ts";
import { encodeGreyPng } from "../../../formats/png/encode.ts";
import { eachSample, type Metric } from "../../metric.ts";
import { positionMap } from "../../removal/units.ts";
import { greyOf } from "./measures.ts";

export const fileSize: Metric = {
  card: {
    name: "file-size",
    family: "complexity",
    what: "bytes of the rendered map as a compressed picture",
    definition:
      "bytes of a PNG file of the map in 256 grey levels, ⌊(R/max|R| + 1)/2 · 255 + ½⌋, R being the sum over channels; one pixel a position, maps without rows in one row",
    source: "Samek et al. 2017, Evaluating the visualization of what a deep neural network has learned",
    scores: { file_size: { what: "bytes", direction: "lower", range: "above 0" } },
    cost: "0",
    criticism:
      "The paper compresses to JPEG, this is PNG (without loss): compare methods, not papers. Small files may be smooth or empty, and say nothing about the model.",
    parameters: {},
  },
  measure: async (trial) => {
    const { x, kind } = trial;
    const { sizes } = layoutOf(x.dims, kind);
    return {
      scores: { file_size: eachSample(trial, (n) => encodeGreyPng(greyOf(positionMap(trial, n)), sizes.at(-1)!).length) },
    };
  },
};

/** Guided Grad-CAM (Selvaraju et al. 2017, section 3.2): guided backpropagation, kept where Grad-CAM is positive. */

import { ownRows } from "../../oracle/rows.ts";
import { sampleOf, zerosLike } from "../../tensor/float.ts";
import type { Method } from "../method.ts";
import { positionOf } from "./frame.ts";
import { gradCamMap } from "./grad.ts";
import { LAYER } from "./layer.ts";
import { stretched } from "./map.ts";
import { gradientMaps, mapped } from "./run.ts";

export const guidedGradCam: Method = {
  card: {
    name: "guided-grad-cam",
    family: "cam",
    what: "guided backpropagation times Grad-CAM enlarged to the input: fine detail, on what speaks for the class",
    assumes: "a ReLU net; guided backpropagation draws edges whatever the weights are",
    conserves: "nothing",
    cost: "2 G",
    classDiscriminative: true,
    source: "Selvaraju et al. 2017",
    parameters: { layer: LAYER },
  },
  attribute: async (task) => {
    const { found, maps } = await gradientMaps(task, gradCamMap);
    const { frame, channels } = found;
    const relevance = zerosLike(task.x);
    await task.oracle.relevance(
      ownRows(task.x),
      (n, row) => {
        const map = stretched(
          maps[n]!.map((v) => Math.max(v, 0)),
          channels!.sizes,
          frame.sizes,
        );
        const into = sampleOf(relevance, n);
        for (let i = 0; i < into.length; i++) into[i] = row.relevance[i]! * map[positionOf(frame, i)]!;
      },
      { recipe: { method: "guided-backprop" } },
    );
    return { relevance, notices: mapped(task, found, maps).notices ?? [] };
  },
};

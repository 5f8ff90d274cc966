/**
 * Ablation-CAM (Desai and Ramaswamy 2020, eq. 4): wₖ = (f − fₖ) / |f| with fₖ the score when channel k of the layer is zero. Only what follows the
 * layer is computed again. (The paper divides by f: with |f| a weight keeps its sign where the score is negative.)
 */

import { repeatedRows } from "../../oracle/rows.ts";
import { sampleOf } from "../../tensor/float.ts";
import type { Method } from "../method.ts";
import { LAYER } from "./layer.ts";
import { RESIZE, relu } from "./map.ts";
import { foundIn, mapped, valuesOf, weighted } from "./run.ts";
import { mostActive } from "./score.ts";

export const ablationCam: Method = {
  card: {
    name: "ablation-cam",
    family: "cam",
    what: "a layer's channels added up, each weighted by how far the score falls without it",
    assumes: "a channel at zero means: not seen",
    conserves: "nothing",
    cost: "F + (1 + channels) F from the layer on",
    classDiscriminative: true,
    source: "Desai, Ramaswamy 2020",
    parameters: {
      layer: LAYER,
      channels: { what: "channels tried: the most active ones; 0: all", default: 0, min: 0, integer: true },
      relu: relu(true),
      resize: RESIZE,
    },
  },
  attribute: async (task) => {
    const found = foundIn(task);
    const { value } = found.layer;
    const { x: layer, oracle } = await task.at(value);
    const dims = layer.dims.slice(1);
    const values = Array.from({ length: oracle.samples }, (_, n) =>
      valuesOf(found, { values: { [value]: { data: sampleOf(layer, n), dims } } }),
    );
    const { channels, positions, places } = found.channels!;
    const tried = values.map((own) => mostActive(own, positions, (task.params.channels as number) || channels));
    const each = tried[0]!.length;
    const rows = repeatedRows(oracle.samples, each + 1, (n, k, into) => {
      into.set(sampleOf(layer, n));
      if (k > 0) places(tried[n]![k - 1]!, (place) => into.fill(0, place, place + 1));
    });
    const scores = values.map(() => new Float64Array(each + 1));
    await oracle.scores(rows, (row, { score }) => {
      scores[rows.sample(row)]![row % (each + 1)] = score;
    });
    const maps = values.map((own, n) => {
      const weights = new Float64Array(channels);
      const whole = scores[n]![0]!;
      for (const [i, k] of tried[n]!.entries()) weights[k] = (whole - scores[n]![i + 1]!) / (Math.abs(whole) || 1);
      return weighted(own, positions, (k) => weights[k]!);
    });
    return mapped(task, found, maps);
  },
};

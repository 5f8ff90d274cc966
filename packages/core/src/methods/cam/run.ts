/** What class activation maps share: a layer's values A and gradients G as channels × positions, and from maps to a tensor. */

import type { MethodCard } from "../../cards/method.ts";
import { fail } from "../../errors.ts";
import type { RowResult } from "../../oracle/oracle.ts";
import { ownRows } from "../../oracle/rows.ts";
import type { Attribution, Method, Task } from "../method.ts";
import { type Channels, channelsOf, type Frame, frameOf } from "./frame.ts";
import { LAYER, type Layer, layerOf } from "./layer.ts";
import { mapTensor, RESIZE, relu } from "./map.ts";

export interface LayerValues extends Pick<Channels, "channels" | "positions"> {
  /** Channel by channel. */
  readonly values: Float64Array;
  readonly gradient: Float64Array;
}

export interface Found {
  readonly layer: Layer;
  readonly frame: Frame;
  /** Known after the first row. */
  channels?: Channels;
}

export const foundIn = (task: Task): Found => ({ layer: layerOf(task), frame: frameOf(task) });

/** A row's values of the layer. */
export const valuesOf = (found: Found, { values }: Pick<RowResult, "values">): Float64Array => {
  const { layer, frame } = found;
  const { data, dims } = values[layer.value]!;
  if (data.length !== dims.reduce((a, b) => a * b, 1))
    throw fail("BadRecipe", {
      what: `layer '${layer.value}'`,
      why: "its first axis is not the batch",
      fix: "name another value with the parameter layer",
    });
  found.channels ??= channelsOf(layer.value, dims, frame, layer.channels);
  return found.channels.unfold(data);
};

/** Maps, one a sample, as the method's result. */
export const mapped = (
  { params }: Pick<Task, "params">,
  { layer, frame, channels }: Found,
  maps: Float64Array[],
): Attribution => {
  const { sizes, channels: count } = channels!;
  return {
    relevance: mapTensor(maps, sizes, frame, params),
    notices: layer.found ? [`the map is made of '${layer.value}': ${count} channels of ${sizes.join("×")}`] : [],
  };
};

/** Σₖ wₖ Aₖ, with a weight for each channel. */
export const weighted = (values: Float64Array, positions: number, weight: (channel: number) => number): Float64Array => {
  const map = new Float64Array(positions);
  for (let k = 0; k * positions < values.length; k++) {
    const w = weight(k);
    if (w !== 0) for (let p = 0; p < positions; p++) map[p]! += w * values[k * positions + p]!;
  }
  return map;
};

/** Gradient and values at the layer of every sample, and a map made of them. */
export const gradientMaps = async (task: Task, mapOf: (layer: LayerValues) => Float64Array, found = foundIn(task)) => {
  const { value } = found.layer;
  const maps: Float64Array[] = [];
  await task.oracle.relevance(
    ownRows(task.x),
    (n, row) => {
      const values = valuesOf(found, row);
      const { channels, positions, unfold } = found.channels!;
      maps[n] = mapOf({ channels, positions, values, gradient: unfold(row.layers[value]!) });
    },
    { layers: [value], values: [value] },
  );
  return { found, maps };
};

type Said = Pick<MethodCard, "name" | "what" | "assumes" | "conserves" | "source">;

/** A method of one gradient pass. */
export const gradientCam = (said: Said, cut: boolean, mapOf: (layer: LayerValues) => Float64Array): Method => ({
  card: {
    ...said,
    family: "cam",
    cost: "G",
    classDiscriminative: true,
    parameters: { layer: LAYER, relu: relu(cut), resize: RESIZE },
  },
  attribute: async (task) => {
    const { found, maps } = await gradientMaps(task, mapOf);
    return mapped(task, found, maps);
  },
});

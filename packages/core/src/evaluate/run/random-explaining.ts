/**
 * Random maps as if they were a method's, so that metrics which ask for more maps have a noise floor, too: another input, class or model has
 * another random map; the same ones have the same map whatever was asked before.
 */

import type { Random } from "../../numeric/random.ts";
import type { ExternalData } from "../../onnx/external.ts";
import type { ModelProto } from "../../onnx/proto.ts";
import { type FloatTensor, sampleOf } from "../../tensor/float.ts";
import type { Explaining } from "../metric.ts";
import { layersOf } from "./explaining.ts";

/** Stream of the maps. */
const KEY = 4;

export interface RandomMaps {
  readonly model: ModelProto;
  /** Reads weights that lie in files of their own. */
  readonly external?: ExternalData;
  readonly random: Random;
  readonly draw: number;
  /** Classes of the samples. */
  readonly targets: readonly (readonly number[])[];
  /** Names what was changed in the model. */
  readonly changes?: number;
}

export const randomExplaining = (maps: RandomMaps): Explaining => {
  const { model, external, random, draw, targets: own, changes = 0 } = maps;
  const drawn = (x: FloatTensor, cause: (k: number) => ArrayLike<number>): FloatTensor => {
    const made: FloatTensor = { ...x, data: new Float32Array(x.data.length) };
    for (let k = 0; k < x.dims[0]!; k++) {
      const stream = random.stream(hashOf(sampleOf(x, k)), hashOf(cause(k)), changes, draw, KEY);
      sampleOf(made, k).forEach((_, i, row) => {
        row[i] = stream.normal();
      });
    }
    return made;
  };
  return {
    layers: layersOf(model),
    maps: async (x, samples, targets) => drawn(x, (k) => targets?.[k] ?? own[samples[k]!]!),
    seeded: async (x, vectors) => [drawn(x, (k) => sampleOf(vectors, k))],
    on: async (change) => {
      const changed = change(model, external);
      return randomExplaining({ ...maps, model: changed, changes: differenceOf(model, changed) });
    },
  };
};

/** One number for what is not the same in two models' weights. */
const differenceOf = (before: ModelProto, after: ModelProto): number =>
  after.graph.initializer
    .filter((tensor, i) => tensor !== before.graph.initializer[i] && tensor.rawData !== undefined)
    .reduce((hash, tensor) => hashOf(tensor.rawData!, hash), START);

const START = 0x811c9dc5;

/** FNV-1a, of the bytes of a list in float32. */
const hashOf = (values: ArrayLike<number>, start = START): number => {
  let hash = start;
  const { buffer } = Float32Array.from(values);
  for (const byte of new Uint8Array(buffer)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
};

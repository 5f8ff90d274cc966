/** From a coarse map to one in the size of the input: linear along every axis, pixel centres at halves, the border repeated. */

import type { MethodParameter } from "../../cards/parameters.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { Frame } from "./frame.ts";

export const RESIZE: MethodParameter = {
  what: "the map's size: that of the layer (none), or enlarged to the input's",
  default: "input",
  choices: ["none", "input"],
};
export const relu = (value: boolean): MethodParameter => ({ what: "negative values of the map become 0", default: value });

/** Interpolates a map of sizes `from` at the positions of `to`. */
export const stretched = (map: Float64Array, from: readonly number[], to: readonly number[]): Float64Array => {
  let [data, sizes] = [map, from];
  to.forEach((size, axis) => {
    const old = sizes[axis]!;
    if (size === old) return;
    const inner = sizes.slice(axis + 1).reduce((a, b) => a * b, 1);
    const outer = data.length / (old * inner);
    const out = new Float64Array(outer * size * inner);
    for (let i = 0; i < size; i++) {
      const at = Math.min(Math.max(((i + 0.5) * old) / size - 0.5, 0), old - 1);
      const low = Math.floor(at);
      const high = Math.min(low + 1, old - 1);
      for (let o = 0; o < outer; o++)
        for (let k = 0; k < inner; k++) {
          const [a, b] = [data[(o * old + low) * inner + k]!, data[(o * old + high) * inner + k]!];
          out[(o * size + i) * inner + k] = a + (at - low) * (b - a);
        }
    }
    [data, sizes] = [out, sizes.map((s, k) => (k === axis ? size : s))];
  });
  return data;
};

/**
 * One map a sample as a tensor: [N, 1, …] ([N, …, 1] where the input's channels are last), in the layer's sizes or the input's. Maps over
 * tokens are shared out among the values of their embedding, [N, L, D], so that their sums are the map.
 */
export const mapTensor = (
  maps: readonly Float64Array[],
  sizes: readonly number[],
  frame: Frame,
  { relu: cut, resize }: Readonly<Record<string, unknown>>,
): FloatTensor => {
  const kept = cut === true ? maps.map((map) => map.map((v) => Math.max(v, 0))) : maps;
  const large = resize === "none" ? kept : kept.map((map) => stretched(map, sizes, frame.sizes));
  const shape = resize === "none" ? sizes : frame.sizes;
  const each = frame.shared && resize !== "none" ? frame.channels : 1;
  const data = new Float32Array(large.reduce((n, map) => n + map.length * each, 0));
  large.forEach((map, n) => {
    for (let i = 0; i < map.length * each; i++) data[n * map.length * each + i] = map[Math.floor(i / each)]! / each;
  });
  const dims = frame.side === "last" ? [...shape, each] : [1, ...shape];
  return { type: "float32", dims: [maps.length, ...dims], data };
};

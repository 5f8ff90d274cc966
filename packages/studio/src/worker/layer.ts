/** Relevance of one value inside the network. */
import { fail } from "@backlit/core";
import type { LayerMap } from "../shown/network.ts";
import { optionsOf } from "./asked.ts";
import { channelSums } from "./channel-sums.ts";
import { explained } from "./explained.ts";
import type { LayerAsk } from "./messages.ts";
import { inputOf } from "./opened.ts";

/** Bars of channels that are shown. */
const CHANNELS = 24;

/** Errors: those of explaining; BadInput for a value that takes no part. */
export const layer = async (asked: LayerAsk, progress: (text: string) => void): Promise<LayerMap> => {
  const { lit } = await explained(asked, progress);
  const options = { ...optionsOf(lit, asked), layers: [asked.value], onProgress: progress };
  const { result } = await lit.results([inputOf(asked.input)], options);
  const map = result.rows[0]!.maps[0]!.layers[asked.value];
  if (!map) throw fail("BadInput", { what: "no relevance", where: asked.value, why: "the method keeps none of values inside" });
  const { dims, data } = map;
  const sums = channelSums(map);
  const [count, positions] = [sums.length, data.length / sums.length];
  const channels = Array.from(sums, (sum, channel) => ({ channel, sum })).sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
  return {
    dims,
    channels: channels.slice(0, CHANNELS),
    sum: sums.reduce((a, b) => a + b, 0),
    ...(dims.length === 3 && { plane: { width: dims[2]!, height: dims[1]!, values: summed(data, count, positions) } }),
  };
};

const summed = (data: Float32Array, channels: number, positions: number): Float32Array =>
  Float32Array.from({ length: positions }, (_, p) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += data[c * positions + p]!;
    return sum;
  });

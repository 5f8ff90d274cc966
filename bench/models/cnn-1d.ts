/** A convolutional network on series: six convolutions along time, as for sensors or ECGs. */
import { DataType, type ModelProto } from "@backlit/core";
import { Network } from "./network.ts";
import { value } from "./proto.ts";

const [CHANNELS, STEPS] = [12, 1000];
const LAYERS = [64, 64, 128, 128, 256, 256];

/** 0.7 million parameters, [N, 12, 1000], a free batch. */
export const cnn1d = (seed = 7): ModelProto => {
  const net = new Network(seed);
  let x = "input";
  let from = CHANNELS;
  for (const [i, to] of LAYERS.entries()) {
    const stride = i % 2 === 0 ? 2 : 1;
    x = net.relu(`relu${i}`, net.conv(`conv${i}`, x, { from, to, kernel: 7, stride, axes: 1, normalized: "folded" }));
    from = to;
  }
  const inputs = [value("input", DataType.FLOAT, ["N", CHANNELS, STEPS])];
  return net.model("cnn-1d", net.dense("fc", net.pooled("pool", x), from, 10, 0.5), { inputs, classes: 10 });
};

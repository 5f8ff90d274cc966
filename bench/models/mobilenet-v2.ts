/** MobileNetV2 (Sandler et al. 2018) as torchvision exports it: 17 inverted residuals, depthwise 3×3, ReLU6, linear bottlenecks. */
import type { ModelProto } from "@backlit/core";
import { type ConvShape, Network } from "./network.ts";

/** Expansion, channels, blocks, stride of the first. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;
const BRANCH = 0.5;

/** 3.5 million parameters, 224² pictures, a free batch. */
export const mobileNetV2 = (seed = 2): ModelProto => {
  const net = new Network(seed);
  const [zero, six] = [net.constant(0), net.constant(6)];
  const conv = (name: string, x: string, shape: ConvShape) => net.conv(name, x, { ...shape, normalized: "folded" });
  const clipped = (name: string, x: string, shape: ConvShape) =>
    net.node("Clip", `/${name}/Clip`, [conv(name, x, shape), zero, six]);

  let x = clipped("features.0", "input", { from: 3, to: 32, kernel: 3, stride: 2 });
  let from = 32;
  let index = 1;
  for (const [expansion, to, blocks, first] of STAGES)
    for (let block = 0; block < blocks; block++) {
      const name = `features.${index++}`;
      const stride = block === 0 ? first : 1;
      const width = from * expansion;
      let y = expansion === 1 ? x : clipped(`${name}/expand`, x, { from, to: width, kernel: 1 });
      y = clipped(`${name}/depthwise`, y, { from: width, to: width, kernel: 3, stride, group: width });
      y = conv(`${name}/project`, y, { from: width, to, kernel: 1, gain: BRANCH });
      x = stride === 1 && from === to ? net.node("Add", `/${name}/Add`, [x, y]) : y;
      from = to;
    }
  x = clipped(`features.${index}`, x, { from, to: 1280, kernel: 1 });
  return net.model("mobilenet-v2", net.dense("classifier", net.pooled("pool", x), 1280, 1000, 0.25));
};

/** ResNet-50 v1.5 (He et al. 2016, with the stride on the 3×3 as in torchvision): 53 convolutions in 16 bottlenecks. */
import { attr, type ModelProto } from "@backlit/core";
import { type ConvShape, Network } from "./network.ts";

/** Width of the 3×3, number of blocks, stride of the first block. */
const STAGES = [
  [64, 3, 1],
  [128, 4, 2],
  [256, 6, 2],
  [512, 3, 2],
] as const;
const EXPANSION = 4;
/** Keeps the sums of 16 residual blocks from growing. */
const BRANCH = 0.5;

export interface ResNet50Options {
  readonly seed?: number;
  /** Keep BatchNormalization nodes instead of folding them into the convolutions; the function is the same. */
  readonly batchnorm?: boolean;
}

/** 25.6 million parameters, 224² pictures, a free batch. */
export const resnet50 = ({ seed = 50, batchnorm = false }: ResNet50Options = {}): ModelProto => {
  const net = new Network(seed);
  const normalized = batchnorm ? "nodes" : "folded";
  const conv = (name: string, x: string, shape: ConvShape) => net.conv(name, x, { ...shape, normalized });

  let x = net.relu("relu", conv("conv1", "input", { from: 3, to: 64, kernel: 7, stride: 2 }));
  x = net.maxPool("maxpool", x, 3, 2, 1);
  let from = 64;
  for (const [stage, [width, blocks, firstStride]] of STAGES.entries())
    for (let block = 0; block < blocks; block++) {
      const name = `layer${stage + 1}/layer${stage + 1}.${block}`;
      const to = width * EXPANSION;
      const stride = block === 0 ? firstStride : 1;
      let y = net.relu(`${name}/relu`, conv(`${name}/conv1`, x, { from, to: width, kernel: 1 }));
      y = net.relu(`${name}/relu_1`, conv(`${name}/conv2`, y, { from: width, to: width, kernel: 3, stride }));
      y = conv(`${name}/conv3`, y, { from: width, to, kernel: 1, gain: BRANCH });
      const skip = block > 0 ? x : conv(`${name}/downsample.0`, x, { from, to, kernel: 1, stride, gain: Math.SQRT1_2 });
      x = net.relu(`${name}/relu_2`, net.node("Add", `/${name}/Add`, [y, skip]));
      from = to;
    }
  x = net.node("GlobalAveragePool", "/avgpool/GlobalAveragePool", [x]);
  x = net.node("Flatten", "/Flatten", [x], [attr.int("axis", 1)]);
  return net.model("resnet50", net.dense("fc", x, from, 1000, 0.25));
};

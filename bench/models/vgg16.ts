/** VGG-16 (Simonyan and Zisserman 2015, configuration D) as torchvision exports it: 13 convolutions, 5 pools, 3 dense layers. */
import { attr, type ModelProto } from "@backlit/core";
import { Network } from "./network.ts";

const BLOCKS = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
];

export interface Vgg16Options {
  readonly seed?: number;
  /** Keep the Dropout nodes of a model exported for training. */
  readonly dropout?: boolean;
}

/** 138,357,544 parameters, 224² pictures, a free batch. */
export const vgg16 = ({ seed = 16, dropout = false }: Vgg16Options = {}): ModelProto => {
  const net = new Network(seed);
  let x = "input";
  let from = 3;
  let index = 0; // torchvision numbers convolutions, ReLUs and pools in one list
  for (const block of BLOCKS) {
    for (const to of block) {
      x = net.relu(`features/features.${index + 1}`, net.conv(`features.${index}`, x, { from, to, kernel: 3 }));
      from = to;
      index += 2;
    }
    x = net.maxPool(`features/features.${index++}`, x, 2, 2);
  }
  x = net.node("Flatten", "/Flatten", [x], [attr.int("axis", 1)]);
  for (const [i, width] of [25088, 4096].entries()) {
    x = net.relu(`classifier/classifier.${3 * i + 1}`, net.dense(`classifier.${3 * i}`, x, width, 4096));
    if (dropout) x = net.node("Dropout", `/classifier/classifier.${3 * i + 2}/Dropout`, [x]);
  }
  return net.model("vgg16", net.dense("classifier.6", x, 4096, 1000, 0.5));
};

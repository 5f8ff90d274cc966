/** DenseNet-121 (Huang et al. 2017) as torchvision exports it: what a layer adds is concatenated, and norms stand before their convolutions. */
import { attr, type ModelProto } from "@backlit/core";
import { Network } from "./network.ts";

const BLOCKS = [6, 12, 24, 16];
const GROWTH = 32;

/** 8 million parameters, 224² pictures, a free batch. */
export const denseNet121 = (seed = 121): ModelProto => {
  const net = new Network(seed);
  let x = net.relu("relu0", net.conv("conv0", "input", { from: 3, to: 64, kernel: 7, stride: 2, normalized: "folded" }));
  x = net.maxPool("pool0", x, 3, 2, 1);
  let from = 64;
  for (const [b, layers] of BLOCKS.entries()) {
    const parts = [x];
    for (let i = 0; i < layers; i++) {
      const name = `denseblock${b + 1}/denselayer${i + 1}`;
      const all = i === 0 ? x : net.node("Concat", `/${name}/Concat`, [...parts], [attr.int("axis", 1)]);
      const y = net.conv(`${name}/conv1`, net.relu(`${name}/relu1`, net.batchNorm(`${name}/norm1`, all, from)), {
        ...{ from, to: 4 * GROWTH, kernel: 1, normalized: "folded" as const },
      });
      parts.push(net.conv(`${name}/conv2`, net.relu(`${name}/relu2`, y), { from: 4 * GROWTH, to: GROWTH, kernel: 3 }));
      from += GROWTH;
    }
    x = net.node("Concat", `/denseblock${b + 1}/Concat`, parts, [attr.int("axis", 1)]);
    if (b === BLOCKS.length - 1) break;
    const name = `transition${b + 1}`;
    x = net.conv(`${name}/conv`, net.relu(`${name}/relu`, net.batchNorm(`${name}/norm`, x, from)), {
      ...{ from, to: from / 2, kernel: 1 },
    });
    from /= 2;
    const attributes = [attr.ints("kernel_shape", [2, 2]), attr.ints("strides", [2, 2])];
    x = net.node("AveragePool", `/${name}/AveragePool`, [x], attributes);
  }
  x = net.relu("relu5", net.batchNorm("norm5", x, from));
  return net.model("densenet121", net.dense("classifier", net.pooled("pool", x), from, 1000, 0.25));
};

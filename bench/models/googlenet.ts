/** GoogLeNet (Szegedy et al. 2015) as torchvision exports it: nine inception modules of four branches, one with a 3×3 max-pool of stride 1. */
import { attr, type ModelProto } from "@backlit/core";
import { Network } from "./network.ts";

/** 1×1; reduced, 3×3; reduced, 3×3 (the 5×5 of the paper); behind the pool. A pool of stride 2 comes before those marked. */
const MODULES = [
  [64, 96, 128, 16, 32, 32, false],
  [128, 128, 192, 32, 96, 64, false],
  [192, 96, 208, 16, 48, 64, true],
  [160, 112, 224, 24, 64, 64, false],
  [128, 128, 256, 24, 64, 64, false],
  [112, 144, 288, 32, 64, 64, false],
  [256, 160, 320, 32, 128, 128, false],
  [256, 160, 320, 32, 128, 128, true],
  [384, 192, 384, 48, 128, 128, false],
] as const;

/** 6.6 million parameters, 224² pictures, a free batch. */
export const googleNet = (seed = 22): ModelProto => {
  const net = new Network(seed);
  const layer = (name: string, x: string, [from, to, kernel, stride = 1]: readonly number[]) =>
    net.relu(name, net.conv(name, x, { from: from!, to: to!, kernel: kernel!, stride, normalized: "folded" }));
  const pool = (name: string, x: string) => net.maxPool(name, x, 3, 2, 1);

  let x = pool("maxpool1", layer("conv1", "input", [3, 64, 7, 2]));
  x = pool("maxpool2", layer("conv3", layer("conv2", x, [64, 64, 1]), [64, 192, 3]));
  let from = 192;
  for (const [i, [one, less3, three, less5, five, pooled, down]] of MODULES.entries()) {
    const name = `inception.${i}`;
    if (down) x = pool(`${name}/down`, x);
    const branches = [
      layer(`${name}/1`, x, [from, one, 1]),
      layer(`${name}/2.1`, layer(`${name}/2.0`, x, [from, less3, 1]), [less3, three, 3]),
      layer(`${name}/3.1`, layer(`${name}/3.0`, x, [from, less5, 1]), [less5, five, 3]),
      layer(`${name}/4.1`, net.maxPool(`${name}/4.0`, x, 3, 1, 1), [from, pooled, 1]),
    ];
    x = net.node("Concat", `/${name}/Concat`, branches, [attr.int("axis", 1)]);
    from = one + three + five + pooled;
  }
  return net.model("googlenet", net.dense("fc", net.pooled("pool", x), from, 1000, 0.25));
};

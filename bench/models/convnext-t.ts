/** ConvNeXt-T (Liu et al. 2022) as torchvision exports it: depthwise 7×7, layer norms and dense layers over channels that stand last. */
import type { ModelProto } from "@backlit/core";
import { Network } from "./network.ts";
import { gelu, layerNorm, transpose } from "./transformer.ts";

/** Channels and blocks. */
const STAGES = [
  [96, 3],
  [192, 3],
  [384, 9],
  [768, 3],
] as const;
const [FIRST, LAST] = [
  [0, 3, 1, 2],
  [0, 2, 3, 1],
];
const BRANCH = 0.25;

/** 28.6 million parameters, 224² pictures, a free batch. */
export const convNextT = (seed = 4): ModelProto => {
  const net = new Network(seed);
  const norm = (name: string, x: string, width: number) =>
    transpose(net, `${name}/first`, layerNorm(net, name, transpose(net, `${name}/last`, x, LAST), width), FIRST);

  let x = "input";
  let from = 3;
  for (const [stage, [width, blocks]] of STAGES.entries()) {
    const kernel = stage === 0 ? 4 : 2;
    const down = (y: string) => net.conv(`down.${stage}`, y, { from, to: width, kernel, stride: kernel, pad: 0 });
    x = stage === 0 ? norm("norm.0", down(x), width) : down(norm(`norm.${stage}`, x, from));
    for (let block = 0; block < blocks; block++) {
      const name = `stages.${stage}.${block}`;
      const mixed = net.conv(`${name}.conv`, x, { from: width, to: width, kernel: 7, group: width });
      const rows = layerNorm(net, `${name}/norm`, transpose(net, `${name}/last`, mixed, LAST), width);
      const wide = gelu(net, `${name}/act`, net.linear(`${name}.fc1`, rows, width, 4 * width));
      const narrow = transpose(net, `${name}/first`, net.linear(`${name}.fc2`, wide, 4 * width, width), FIRST);
      const scale = net.parameter(`${name}.scale`, [width, 1, 1], 0.1, BRANCH);
      x = net.node("Add", `/${name}/Add`, [net.node("Mul", `/${name}/Mul`, [scale, narrow]), x]);
    }
    from = width;
  }
  return net.model("convnext-t", net.dense("head", layerNorm(net, "norm", net.pooled("pool", x), from), from, 1000));
};

/** EfficientNet-B0 (Tan and Le 2019) as torchvision exports it: inverted residuals with SiLU and squeeze-excitation. */
import type { ModelProto } from "@backlit/core";
import { type ConvShape, Network } from "./network.ts";

/** Expansion, kernel, channels, blocks, stride of the first. */
const STAGES = [
  [1, 3, 16, 1, 1],
  [6, 3, 24, 2, 2],
  [6, 5, 40, 2, 2],
  [6, 3, 80, 3, 2],
  [6, 5, 112, 3, 1],
  [6, 5, 192, 4, 2],
  [6, 3, 320, 1, 1],
] as const;
const SQUEEZE = 4;
const BRANCH = 0.5;

/** 5.3 million parameters, 224² pictures, a free batch. */
export const efficientNetB0 = (seed = 3): ModelProto => {
  const net = new Network(seed);
  const conv = (name: string, x: string, shape: ConvShape) => net.conv(name, x, { ...shape, normalized: "folded" });
  const silu = (name: string, x: string) => net.node("Mul", `/${name}/Mul`, [x, net.node("Sigmoid", `/${name}/Sigmoid`, [x])]);
  const active = (name: string, x: string, shape: ConvShape) => silu(name, conv(name, x, shape));
  const excited = (name: string, x: string, width: number, squeezed: number): string => {
    const mean = net.node("GlobalAveragePool", `/${name}/GlobalAveragePool`, [x]);
    const less = silu(`${name}/act`, net.conv(`${name}.fc1`, mean, { from: width, to: squeezed, kernel: 1 }));
    const gate = net.node("Sigmoid", `/${name}/Sigmoid`, [
      net.conv(`${name}.fc2`, less, { from: squeezed, to: width, kernel: 1 }),
    ]);
    return net.node("Mul", `/${name}/Mul`, [gate, x]);
  };

  let x = active("features.0", "input", { from: 3, to: 32, kernel: 3, stride: 2 });
  let from = 32;
  for (const [stage, [expansion, kernel, to, blocks, first]] of STAGES.entries())
    for (let block = 0; block < blocks; block++) {
      const name = `features.${stage + 1}.${block}`;
      const stride = block === 0 ? first : 1;
      const width = from * expansion;
      let y = expansion === 1 ? x : active(`${name}/expand`, x, { from, to: width, kernel: 1 });
      y = active(`${name}/depthwise`, y, { from: width, to: width, kernel, stride, group: width });
      y = excited(`${name}/excite`, y, width, Math.round(from / SQUEEZE));
      y = conv(`${name}/project`, y, { from: width, to, kernel: 1, gain: BRANCH });
      x = stride === 1 && from === to ? net.node("Add", `/${name}/Add`, [y, x]) : y;
      from = to;
    }
  x = active("features.8", x, { from, to: 1280, kernel: 1 });
  return net.model("efficientnet-b0", net.dense("classifier", net.pooled("pool", x), 1280, 1000, 0.25));
};

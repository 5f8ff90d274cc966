/** SqueezeNet 1.1 (Iandola et al. 2016) as torchvision exports it: eight fire modules, whose two expansions are concatenated. */
import { attr, type ModelProto } from "@backlit/core";
import { Network } from "./network.ts";

/** Squeezed and expanded channels; a pool comes before those marked. */
const FIRES = [
  [16, 64, true],
  [16, 64, false],
  [32, 128, true],
  [32, 128, false],
  [48, 192, true],
  [48, 192, false],
  [64, 256, false],
  [64, 256, false],
] as const;

/** 1.2 million parameters, 224² pictures, a free batch. */
export const squeezeNet = (seed = 11): ModelProto => {
  const net = new Network(seed);
  let x = net.relu("features.1", net.conv("features.0", "input", { from: 3, to: 64, kernel: 3, stride: 2, pad: 0 }));
  let from = 64;
  for (const [i, [squeezed, wide, pool]] of FIRES.entries()) {
    const name = `fire.${i}`;
    if (pool) x = net.maxPool(`${name}/pool`, x, 3, 2);
    const less = net.relu(`${name}/squeeze`, net.conv(`${name}.squeeze`, x, { from, to: squeezed, kernel: 1 }));
    const expand = (kernel: number) =>
      net.relu(`${name}/expand${kernel}`, net.conv(`${name}.expand${kernel}`, less, { from: squeezed, to: wide, kernel }));
    x = net.node("Concat", `/${name}/Concat`, [expand(1), expand(3)], [attr.int("axis", 1)]);
    from = 2 * wide;
  }
  x = net.relu("classifier.2", net.conv("classifier.1", x, { from, to: 1000, kernel: 1 }));
  return net.model("squeezenet", net.pooled("pool", x));
};

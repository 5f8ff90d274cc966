/** Swin-T (Liu et al. 2021) as torchvision exports it: attention in windows of 7², every other block's shifted, patches merged between stages. */
import { attr, floatTensor, type ModelProto } from "@backlit/core";
import { Network } from "./network.ts";
import { attention, layerNorm, mlp, reshape, transpose } from "./transformer.ts";

/** Blocks and heads. */
const STAGES = [
  [2, 3],
  [2, 6],
  [6, 12],
  [2, 24],
] as const;
const [WIDTH, WINDOW] = [96, 7];
const HIDDEN = -100;
const LAST = [0, 2, 3, 1];

/** 28 million parameters, 224² pictures, a free batch. */
export const swinT = (seed = 8): ModelProto => {
  const net = new Network(seed);
  const roll = (name: string, x: string, by: number): string =>
    [1, 2].reduce((y, axis) => {
      const cut = (part: string, from: number, to: number) =>
        net.node("Slice", `/${name}/Slice_${axis}${part}`, [y, ...[from, to, axis].map((n) => net.constant([n]))]);
      const parts = [cut("a", by, 2 ** 31), cut("b", 0, by)];
      return net.node("Concat", `/${name}/Concat_${axis}`, parts, [attr.int("axis", axis)]);
    }, x);
  /** [N, side, side, width] and back, through attention in every window. */
  const windows = (
    name: string,
    x: string,
    { side, width, heads, shift }: Record<"side" | "width" | "heads" | "shift", number>,
  ) => {
    const n = side / WINDOW;
    const order = [0, 1, 3, 2, 4, 5];
    const rolled = shift === 0 ? x : roll(`${name}/there`, x, shift);
    const grid = transpose(net, `${name}/in`, reshape(net, `${name}/in`, rolled, [-1, n, WINDOW, n, WINDOW, width]), order);
    const rows = reshape(net, `${name}/rows`, grid, [-1, WINDOW ** 2, width]);
    const bias = net.tensor(floatTensor(`${name}.mask`, [1, heads, WINDOW ** 2, WINDOW ** 2], near(heads, shift)));
    const mixed = attention(net, `${name}/attn`, rows, { width, heads, tokens: WINDOW ** 2, mask: bias });
    const cells = reshape(net, `${name}/cells`, mixed, [-1, n, n, WINDOW, WINDOW, width]);
    const back = reshape(net, `${name}/out`, transpose(net, `${name}/out`, cells, order), [-1, side, side, width]);
    return shift === 0 ? back : roll(`${name}/back`, back, side - shift);
  };

  const patches = net.conv("features.0", "input", { from: 3, to: WIDTH, kernel: 4, stride: 4, pad: 0 });
  let x = layerNorm(net, "features.0/norm", transpose(net, "features.0", patches, LAST), WIDTH);
  let [side, width] = [224 / 4, WIDTH];
  for (const [stage, [blocks, heads]] of STAGES.entries()) {
    for (let block = 0; block < blocks; block++) {
      const name = `stages.${stage}.${block}`;
      const shift = block % 2 === 1 && side > WINDOW ? (WINDOW - 1) / 2 : 0;
      const mixed = windows(name, layerNorm(net, `${name}/norm1`, x, width), { side, width, heads, shift });
      x = net.node("Add", `/${name}/Add`, [x, mixed]);
      x = net.node("Add", `/${name}/Add_1`, [x, mlp(net, `${name}/mlp`, layerNorm(net, `${name}/norm2`, x, width), width)]);
    }
    if (stage === STAGES.length - 1) break;
    const name = `merge.${stage}`;
    const corners = [0, 1].flatMap((j) =>
      [0, 1].map((i) =>
        net.node("Slice", `/${name}/Slice_${i}${j}`, [
          ...[x, net.constant([i, j]), net.constant([2 ** 31, 2 ** 31])],
          ...[net.constant([1, 2]), net.constant([2, 2])],
        ]),
      ),
    );
    const joined = net.node("Concat", `/${name}/Concat`, corners, [attr.int("axis", -1)]);
    x = net.linear(`${name}.reduction`, layerNorm(net, `${name}/norm`, joined, 4 * width), 4 * width, 2 * width);
    side /= 2;
    width *= 2;
  }
  const pooled = net.node("GlobalAveragePool", "/GlobalAveragePool", [
    transpose(net, "last", layerNorm(net, "norm", x, width), [0, 3, 1, 2]),
  ]);
  return net.model("swin-t", net.dense("head", net.node("Flatten", "/Flatten", [pooled], [attr.int("axis", 1)]), width, 1000));
};

/** A bias by position and head; a mask in shifted windows hides what came from the other side (all windows alike here: times do not depend on it). */
const near = (heads: number, shift: number): Float32Array => {
  const cells = WINDOW ** 2;
  const part = (i: number) => Number(i % WINDOW < WINDOW - shift) + 2 * Number(Math.floor(i / WINDOW) < WINDOW - shift);
  return Float32Array.from({ length: heads * cells ** 2 }, (_, k) => {
    const [i, j] = [Math.floor(k / cells) % cells, k % cells];
    return part(i) === part(j) ? 0.01 * ((i * 31 + j * 17) % 7) : HIDDEN;
  });
};

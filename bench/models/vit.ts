/**
 * ViT-B/16 (Dosovitskiy et al. 2021) as torch exports it at opset 17: 12 blocks of width 768 with 12 heads on 14 × 14 patches and a
 * class token; GELU through Erf, layer norms as one node or spelled out (what exporters below opset 17 write).
 */
import { attr, type ModelProto } from "@backlit/core";
import { Network } from "./network.ts";
import { gelu, layerNorm, scaleAndShift } from "./transformer.ts";

const WIDTH = 768;
const HEADS = 12;
const HEAD = WIDTH / HEADS;
const BLOCKS = 12;
const PATCH = 16;
const TOKENS = (224 / PATCH) ** 2 + 1;
const EPSILON = 1e-6;

export interface VitOptions {
  readonly seed?: number;
  /** Layer norms as nine nodes. */
  readonly decomposed?: boolean;
}

/** 86.6 million parameters, 224² pictures, a free batch. */
export const vit = ({ seed = 12, decomposed = false }: VitOptions = {}): ModelProto => {
  const net = new Network(seed);
  const norm = decomposed ? spelledOut(net) : (name: string, x: string) => layerNorm(net, name, x, WIDTH);
  const reshape = (name: string, x: string, shape: readonly number[]) =>
    net.node("Reshape", `/${name}/Reshape`, [x, net.constant(shape)]);
  const transpose = (name: string, x: string, perm: readonly number[]) =>
    net.node("Transpose", `/${name}/Transpose`, [x], [attr.ints("perm", perm)]);

  const attention = (name: string, x: string): string => {
    const qkv = reshape(`${name}/qkv`, net.linear(`${name}.qkv`, x, WIDTH, 3 * WIDTH), [-1, TOKENS, 3, HEADS, HEAD]);
    const split = transpose(`${name}/split`, qkv, [2, 0, 3, 1, 4]);
    const [q, k, v] = [0, 1, 2].map((i) =>
      net.node("Squeeze", `/${name}/Squeeze_${i}`, [
        net.node("Slice", `/${name}/Slice_${i}`, [split, net.constant([i]), net.constant([i + 1]), net.constant([0])]),
        net.constant([0]),
      ]),
    ) as [string, string, string];
    const scale = net.constant(HEAD ** -0.25); // both factors by the root of 1/√d, as torch does
    const scores = net.node("MatMul", `/${name}/MatMul`, [
      net.node("Mul", `/${name}/Mul`, [q, scale]),
      net.node("Mul", `/${name}/Mul_1`, [transpose(`${name}/k`, k, [0, 1, 3, 2]), scale]),
    ]);
    const weights = net.node("Softmax", `/${name}/Softmax`, [scores], [attr.int("axis", -1)]);
    const mixed = transpose(`${name}/mixed`, net.node("MatMul", `/${name}/MatMul_1`, [weights, v]), [0, 2, 1, 3]);
    return net.linear(`${name}.proj`, reshape(`${name}/mixed`, mixed, [-1, TOKENS, WIDTH]), WIDTH, WIDTH);
  };

  const mlp = (name: string, x: string): string =>
    net.linear(`${name}.fc2`, gelu(net, `${name}/act`, net.linear(`${name}.fc1`, x, WIDTH, 4 * WIDTH)), 4 * WIDTH, WIDTH);

  const patches = net.conv("patch_embed.proj", "input", { from: 3, to: WIDTH, kernel: PATCH, stride: PATCH, pad: 0 });
  const tokens = transpose("patch_embed", reshape("patch_embed", patches, [0, WIDTH, -1]), [0, 2, 1]);
  const batch = net.node("Slice", "/batch/Slice", [
    net.node("Shape", "/batch/Shape", [tokens]),
    net.constant([0]),
    net.constant([1]),
    net.constant([0]),
  ]);
  const cls = net.node("Expand", "/cls/Expand", [
    net.parameter("cls_token", [1, 1, WIDTH], 0.03),
    net.node("Concat", "/cls/Concat", [batch, net.constant([1, WIDTH])], [attr.int("axis", 0)]),
  ]);
  let x = net.node("Add", "/Add", [
    net.node("Concat", "/Concat", [cls, tokens], [attr.int("axis", 1)]),
    net.parameter("pos_embed", [1, TOKENS, WIDTH], 0.03),
  ]);
  for (let block = 0; block < BLOCKS; block++) {
    const name = `blocks.${block}`;
    x = net.node("Add", `/${name}/Add`, [x, attention(`${name}/attn`, norm(`${name}/norm1`, x))]);
    x = net.node("Add", `/${name}/Add_1`, [x, mlp(`${name}/mlp`, norm(`${name}/norm2`, x))]);
  }
  const first = net.node("Slice", "/Slice", [norm("norm", x), net.constant([0]), net.constant([1]), net.constant([1])]);
  return net.model("vit", net.dense("head", net.node("Squeeze", "/Squeeze", [first, net.constant([1])]), WIDTH, 1000));
};

type Norm = (name: string, x: string) => string;

const spelledOut =
  (net: Network): Norm =>
  (name, x) => {
    const mean = (suffix: string, value: string) =>
      net.node("ReduceMean", `/${name}/ReduceMean${suffix}`, [value], [attr.ints("axes", [-1])]);
    const [weight, bias] = scaleAndShift(net, name, WIDTH);
    const centred = net.node("Sub", `/${name}/Sub`, [x, mean("", x)]);
    const variance = mean("_1", net.node("Pow", `/${name}/Pow`, [centred, net.constant(2)]));
    const deviation = net.node("Sqrt", `/${name}/Sqrt`, [net.node("Add", `/${name}/Add`, [variance, net.constant(EPSILON)])]);
    const normal = net.node("Div", `/${name}/Div`, [centred, deviation]);
    return net.node("Add", `/${name}/Add_1`, [net.node("Mul", `/${name}/Mul`, [normal, weight]), bias]);
  };

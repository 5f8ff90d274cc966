/** A causal decoder of six blocks (width 512, 8 heads, 128 tokens), norms first; logits of the next token at the last position. */
import { attr, DataType, floatTensor, type ModelProto } from "@backlit/core";
import { Network } from "./network.ts";
import { value } from "./proto.ts";
import { attention, layerNorm, mlp } from "./transformer.ts";

const [WIDTH, HEADS, BLOCKS, TOKENS, WORDS] = [512, 8, 6, 128, 10_000];
const HIDDEN = -10_000;

/** 29 million parameters, [N, 128] token ids, a free batch. */
export const decoder = (seed = 6): ModelProto => {
  const net = new Network(seed);
  const embedded = net.node("Gather", "/embeddings/Gather", [net.parameter("words", [WORDS, WIDTH], 0.05), "input_ids"]);
  let x = net.node("Add", "/embeddings/Add", [embedded, net.parameter("positions", [1, TOKENS, WIDTH], 0.05)]);
  const later = Float32Array.from({ length: TOKENS ** 2 }, (_, i) => (i % TOKENS > Math.floor(i / TOKENS) ? HIDDEN : 0));
  const mask = net.tensor(floatTensor("mask", [1, 1, TOKENS, TOKENS], later));
  for (let block = 0; block < BLOCKS; block++) {
    const name = `layer.${block}`;
    const heads = { width: WIDTH, heads: HEADS, tokens: TOKENS, mask };
    const mixed = attention(net, `${name}/attn`, layerNorm(net, `${name}/norm1`, x, WIDTH), heads);
    x = net.node("Add", `/${name}/Add`, [x, mixed]);
    x = net.node("Add", `/${name}/Add_1`, [x, mlp(net, `${name}/mlp`, layerNorm(net, `${name}/norm2`, x, WIDTH), WIDTH)]);
  }
  const last = net.node("Gather", "/last/Gather", [layerNorm(net, "norm", x, WIDTH), net.constant([-1])], [attr.int("axis", 1)]);
  const state = net.node("Squeeze", "/last/Squeeze", [last, net.constant([1])]);
  const inputs = [value("input_ids", DataType.INT64, ["N", TOKENS])];
  return net.model("decoder", net.dense("head", state, WIDTH, WORDS), { inputs, classes: WORDS });
};

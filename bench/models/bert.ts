/** A text classifier of BERT-base's size (Devlin et al. 2019): 12 blocks of width 768 with 12 heads on 128 tokens, masks added. */
import { attr, DataType, type ModelProto } from "@backlit/core";
import { Network } from "./network.ts";
import { value } from "./proto.ts";
import { attention, layerNorm, mlp } from "./transformer.ts";

const [WIDTH, HEADS, BLOCKS, TOKENS, WORDS] = [768, 12, 12, 128, 30_000];
const MASKED = -10_000;

/** 108 million parameters, [N, 128] token ids and their mask, a free batch. */
export const bert = (seed = 9): ModelProto => {
  const net = new Network(seed);
  const embedded = net.node("Gather", "/embeddings/Gather", [net.parameter("words", [WORDS, WIDTH], 0.05), "input_ids"]);
  const placed = net.node("Add", "/embeddings/Add", [embedded, net.parameter("positions", [1, TOKENS, WIDTH], 0.05)]);
  const seen = net.node(
    "Cast",
    "/mask/Cast",
    [net.node("Unsqueeze", "/mask/Unsqueeze", ["attention_mask", net.constant([1, 2])])],
    [attr.int("to", DataType.FLOAT)],
  );
  const hidden = net.node("Sub", "/mask/Sub", [net.constant(1), seen]);
  const mask = net.node("Mul", "/mask/Mul", [hidden, net.constant(MASKED)]);

  let x = layerNorm(net, "embeddings/norm", placed, WIDTH);
  for (let block = 0; block < BLOCKS; block++) {
    const name = `layer.${block}`;
    const heads = { width: WIDTH, heads: HEADS, tokens: TOKENS, mask };
    x = layerNorm(net, `${name}/norm1`, net.node("Add", `/${name}/Add`, [attention(net, `${name}/attn`, x, heads), x]), WIDTH);
    x = layerNorm(net, `${name}/norm2`, net.node("Add", `/${name}/Add_1`, [mlp(net, `${name}/mlp`, x, WIDTH), x]), WIDTH);
  }
  const first = net.node("Gather", "/first/Gather", [x, net.constant([0])], [attr.int("axis", 1)]);
  const pooled = net.node("Tanh", "/pooler/Tanh", [
    net.dense("pooler", net.node("Squeeze", "/first/Squeeze", [first, net.constant([1])]), WIDTH, WIDTH),
  ]);
  const inputs = ["input_ids", "attention_mask"].map((name) => value(name, DataType.INT64, ["N", TOKENS]));
  return net.model("bert", net.dense("classifier", pooled, WIDTH, 2), { inputs, classes: 2 });
};

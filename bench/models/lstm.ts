/** An LSTM (Hochreiter and Schmidhuber 1997) of two layers on series, its last state read by a dense layer. */
import { attr, DataType, type ModelProto } from "@backlit/core";
import { Network } from "./network.ts";
import { value } from "./proto.ts";

const [FEATURES, STEPS, WIDTH] = [32, 50, 128];

/** 0.2 million parameters, [N, 50, 32], a free batch. */
export const lstm = (seed = 5): ModelProto => {
  const net = new Network(seed);
  let x = net.node("Transpose", "/Transpose", ["input"], [attr.ints("perm", [1, 0, 2])]);
  let from = FEATURES;
  for (let layer = 0; layer < 2; layer++) {
    const spread = 1 / Math.sqrt(WIDTH);
    const parameters = [
      net.parameter(`W${layer}`, [1, 4 * WIDTH, from], spread),
      net.parameter(`R${layer}`, [1, 4 * WIDTH, WIDTH], spread),
      net.parameter(`B${layer}`, [1, 8 * WIDTH], spread),
    ];
    const y = net.node("LSTM", `/LSTM_${layer}`, [x, ...parameters], [attr.int("hidden_size", WIDTH)]);
    x = net.node("Squeeze", `/Squeeze_${layer}`, [y, net.constant([1])]);
    from = WIDTH;
  }
  const last = net.node("Squeeze", "/Squeeze", [
    net.node("Gather", "/Gather", [x, net.constant([-1])], [attr.int("axis", 0)]),
    net.constant([0]),
  ]);
  const inputs = [value("input", DataType.FLOAT, ["N", STEPS, FEATURES])];
  return net.model("lstm", net.dense("fc", last, WIDTH, 10, 0.5), { inputs, classes: 10 });
};

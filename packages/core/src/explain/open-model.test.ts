import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { floats, model } from "../../test/support/run.ts";
import { encodeModelBytes } from "../onnx/index.ts";
import { load } from "./explainer.ts";

test.each(["integrated-gradients", "occlusion", "shapley", "smoothgrad"])(
  "a head that reads the input itself: %s",
  async (method) => {
    const net = encodeModelBytes(model("net (float[N,3] x) => (float[N,3] y) { y = Softmax(x) }"));
    await using lit = await load(net, { runtime: await nodeRuntime() });
    const { relevance, target } = await lit.explain(floats([2, 3], [3, 1, 2, 0.5, 4, 1]), { method, score: "logit" });
    expect(target).toEqual([[0], [1]]);
    // The logit is the input: only it counts.
    expect(Array.from(relevance.data, (value) => value !== 0)).toEqual([true, false, false, false, true, false]);
  },
);

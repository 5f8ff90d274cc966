/**
 * A Reshape that keeps a dynamic first axis says so: its shape becomes [0, …], copy the size, whether it was [−1, …] or computed from
 * Shape nodes. The runtime can then prove that the batch stays the batch, all the way back through the walk: without, it plans memory
 * for values of unknown sizes, which takes minutes in a graph of ten thousand nodes.
 */
import { sizeOf } from "../graph/facts.ts";
import { getInt } from "../onnx/attributes.ts";
import type { Rewrite } from "./rewrite.ts";

export const reshapeBatch: Rewrite = {
  name: "reshape-batch",
  what: "a Reshape that keeps the batch copies its size",
  match(node, view) {
    if (node.opType !== "Reshape" || node.domain !== "" || getInt(node, "allowzero", 0) !== 0) return undefined;
    const [x, y] = [view.facts.shape(node.input[0]!), view.facts.shape(node.output[0]!)];
    if (x?.[0] !== null || y?.[0] !== null) return undefined;
    const rest = sizeOf(y.slice(1));
    if (rest === null || rest === 0 || rest !== sizeOf(x.slice(1))) return undefined;
    if (view.facts.numbers(node.input[1])?.[0] === 0) return undefined;
    const shape = view.build.ints([0, ...(y.slice(1) as number[])]);
    return { remove: [node], add: [{ ...node, input: [node.input[0]!, shape] }] };
  },
};

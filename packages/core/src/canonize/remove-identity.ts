/** Identity, Dropout at inference and single-input Concat/Sum/Mean/Max/Min pass their input on: consumers read it directly. */
import { getInt } from "../onnx/attributes.ts";
import type { Rewrite } from "./rewrite.ts";

const ALWAYS = new Set(["Identity", "Dropout"]);
const SINGLE = new Set(["Concat", "Sum", "Mean", "Max", "Min"]);

export const removeIdentity: Rewrite = {
  name: "remove-identity",
  what: "Identity and inference-time Dropout disappear",
  match(node, view) {
    const [x, y] = [node.input[0], node.output[0]];
    if (node.domain !== "" || x === undefined || y === undefined) return undefined;
    if (!ALWAYS.has(node.opType) && !(SINGLE.has(node.opType) && node.input.length === 1)) return undefined;
    if (node.opType === "Dropout") {
      const training = node.input[2] === undefined || node.input[2] === "" ? 0 : view.facts.scalar(node.input[2]);
      if (training !== 0 || getInt(node, "is_test", 1) === 0) return "the Dropout is in training mode";
      if (node.output[1] !== undefined && view.consumers(node.output[1]).length > 0) return "the mask of the Dropout is used";
    }
    if (view.isOutput(y)) return "its result is an output of the graph";
    if (view.consumers(y).some((reader) => !reader.input.includes(y))) return "a subgraph reads its result";
    return { remove: [node], add: [], rename: new Map([[y, x]]) };
  },
};

/** A node whose values the trace knows becomes a constant: Constant nodes, shape arithmetic, unsqueezed scalars. */

import type { GraphNode } from "../graph/graph.ts";
import { append } from "../numeric/extremes.ts";
import { makeTensor } from "../onnx/tensors.ts";
import type { Rewrite, View } from "./rewrite.ts";

export const foldConstants: Rewrite = {
  name: "fold-constants",
  what: "values that depend on no input become constants",
  match(node, view) {
    if (isStoredWeight(node, view)) return undefined;
    const names = node.output.filter((name) => name !== "");
    if (!names.every((name) => view.facts.isConstant(name))) return undefined;
    const values = names.map((name) => view.facts.value(name));
    if (values.some((value) => value === undefined)) return undefined; // large weights stay nodes, the runtime folds them
    if (names.some((name) => view.isOutput(name))) return "the constant is an output of the graph";
    append(
      view.build.constants,
      names.map((name, i) => makeTensor(name, values[i]!)),
    );
    return { remove: [node], add: [] };
  },
};

/** A weight stored in another type (float16) keeps its bytes: folded, it would be twice as large. */
const isStoredWeight = (node: GraphNode, { graph }: View): boolean =>
  node.opType === "Cast" && (graph.initializers.get(node.input[0]!)?.dims.reduce((a, b) => a * b, 1) ?? 0) > 64;

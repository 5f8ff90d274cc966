/**
 * Operators of any number of inputs, none of which may be left out. ONNX Runtime checks that of every other operator; of these it
 * reads the missing one, and takes the process with it.
 */
import { fail } from "../errors.ts";
import type { GraphProto } from "../onnx/proto.ts";
import { domainOf, graphsOf, nodeLabel } from "./graph.ts";

const VARIADIC = new Set(["Concat", "Einsum", "Max", "Mean", "Min", "Sum"]);

/** Errors: BadModel, naming the node. */
export const checkVariadic = ({ node: nodes }: Pick<GraphProto, "node">): void => {
  for (const node of nodes) {
    const at = VARIADIC.has(node.opType) && domainOf(node.domain) === "" ? node.input.indexOf("") : -1;
    if (at >= 0)
      throw fail("BadModel", {
        what: `${node.opType} without its input ${at}`,
        where: `node '${nodeLabel(node)}'`,
        why: "none of its inputs may be left out",
        fix: "export the model again",
      });
    graphsOf(node).forEach(checkVariadic);
  }
};

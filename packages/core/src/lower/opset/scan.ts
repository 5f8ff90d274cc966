/**
 * Scan of opset 8 scans axis 1 and runs once for each sample of the batch, which is axis 0 of everything. Opset 9 has no batch: a body
 * for one sample cannot be run over several at once.
 */
import { fail } from "../../errors.ts";
import { nodeLabel } from "../../graph/graph.ts";
import type { Expansion } from "../pass.ts";

export const Scan: Expansion = (node) => {
  throw fail("Unsupported", {
    what: "a Scan of opset 8",
    where: `node ${nodeLabel(node)}`,
    why: "it runs its body for each sample of the batch apart, which opset 9 took away",
    fix: "export the model with opset 9 or newer",
  });
};

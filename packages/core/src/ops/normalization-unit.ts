/**
 * A normalization spelled out: y = (x − mean)/scale · weight + bias in several nodes. With the values named by attribute `fixed`
 * (the scale) held fixed the body is linear in x, and its adjoint is the chain of the adjoints of its nodes.
 */
import { getString } from "../onnx/attributes.ts";
import type { NodeProto } from "../onnx/proto.ts";
import { throughBody } from "./body.ts";
import type { Op } from "./index.ts";

export const normalizationUnitRole: Op = (node) => ({
  kind: "normalization",
  inputs: [0],
  label: labelOf(node.body ?? []),
  detached: (site, s) => throughBody(site, s, getString(node, "fixed", "")),
  vjp: (site, [r]) => throughBody(site, r!),
});

const labelOf = (body: readonly NodeProto[]): string => {
  const ops = body.map((inner) => inner.opType);
  const fused = ops.find((op) => op.endsWith("Normalization"));
  if (fused !== undefined) return fused;
  if (ops.some((op) => op === "ReduceL2" || op === "ReduceSum")) return "L2 normalization";
  return ops.includes("Sub") ? "LayerNormalization" : "RMSNormalization";
};

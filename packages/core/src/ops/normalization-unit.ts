/**
 * A normalization spelled out: y = (x − mean)/scale · weight + bias in several nodes. With the values named by attribute `fixed`
 * (the scale) held fixed the body is linear in x, and its adjoint is the chain of the adjoints of its nodes.
 */
import { getString } from "../onnx/attributes.ts";
import type { NodeProto } from "../onnx/proto.ts";
import { type Op, roleOf, type Site } from "./index.ts";
import { throughItsNodes } from "./unit.ts";

export const normalizationUnitRole: Op = (node) => ({
  kind: "normalization",
  inputs: [0],
  label: labelOf(node.body ?? []),
  detached: (site, s) => back(site, s),
  vjp: throughItsNodes,
});

const back = ({ g, facts, node }: Site, s: string): string => {
  const [x, fixed] = [node.input[0]!, getString(node, "fixed", "")];
  const body = node.body!;
  const path = new Set([x]);
  for (const inner of body)
    if (inner.input.some((name) => path.has(name))) for (const name of inner.output) if (name !== fixed) path.add(name);
  const at = new Map([[node.output[0]!, s]]);
  for (const inner of [...body].reverse()) {
    const arrived = at.get(inner.output[0]!);
    if (arrived === undefined) continue;
    const step = { ...inner, origin: node.origin };
    const role = roleOf(step, facts);
    if (typeof role === "string") throw new Error(role);
    for (const i of role.inputs) {
      const name = inner.input[i]!;
      if (!path.has(name)) continue;
      const site = { g, facts, node: step };
      const share = role.kind === "normalization" ? role.detached(site, arrived) : role.vjp(site, [arrived], i);
      at.set(name, at.has(name) ? g.add(at.get(name)!, share) : share);
    }
  }
  return at.get(x)!;
};

const labelOf = (body: readonly NodeProto[]): string => {
  const ops = body.map((inner) => inner.opType);
  const fused = ops.find((op) => op.endsWith("Normalization"));
  if (fused !== undefined) return fused;
  if (ops.some((op) => op === "ReduceL2" || op === "ReduceSum")) return "L2 normalization";
  return ops.includes("Sub") ? "LayerNormalization" : "RMSNormalization";
};

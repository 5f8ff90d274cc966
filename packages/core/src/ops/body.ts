/** Jᵀs of a unit by the chain of its nodes. With a value held `fixed`, the adjoint of the rest, which is linear. */
import type { NodeProto } from "../onnx/proto.ts";
import { type Role, roleOf, type Site } from "./index.ts";

export const throughBody = ({ g, facts, node }: Site, s: string, fixed?: string): string => {
  const x = node.input[0]!;
  const body: readonly NodeProto[] = node.body!;
  const path = new Set([x]);
  for (const inner of body)
    if (inner.input.some((name) => path.has(name))) for (const name of inner.output) if (name !== fixed) path.add(name);
  const back = (role: Role, site: Site, arrived: string, i: number) =>
    role.kind === "normalization" && fixed !== undefined ? role.detached(site, arrived) : role.vjp(site, [arrived], i);
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
      const share = back(role, { g, facts, node: step }, arrived, i);
      at.set(name, at.has(name) ? g.add(at.get(name)!, share) : share);
    }
  }
  return at.get(x)!;
};

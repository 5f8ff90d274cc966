/** Attention in a plan: results of a softmax that weigh another value in a matrix product, in order of depth. */
import type { Step } from "../../plan/index.ts";

export interface Attention {
  /** The softmax's result: [N, heads, L, L], rows are queries. */
  readonly weights: string;
  /** What the matrix product makes of it. */
  readonly product: string;
}

/** `steps` in topological order. */
export const attentionsOf = (steps: readonly Step[]): readonly Attention[] => {
  const origin = new Map<string, string>(); // moved values → the softmax they come from
  const found: Attention[] = [];
  for (const { node, role } of steps) {
    const weights = node.input.map((name) => origin.get(name)).find((name) => name !== undefined);
    if (role.kind === "softmax") origin.set(node.output[0]!, node.output[0]!);
    else if (weights === undefined) continue;
    else if (role.kind === "structural") for (const name of node.output) origin.set(name, weights);
    else if (role.kind === "bilinear" && !found.some((known) => known.weights === weights))
      found.push({ weights, product: node.output[0]! });
  }
  return found;
};

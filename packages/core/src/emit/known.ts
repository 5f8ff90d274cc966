/** What signs say about relevance: after a ReLU it lies where the layer's output is positive. */
import type { Step } from "../plan/index.ts";
import type { Flow } from "./flow.ts";

export interface Known {
  readonly nonnegative: ReadonlySet<string>;
  /** All of the relevance at z came through activations that are 0 for z < 0, and is a multiple of their results. */
  onlyWherePositive(flow: Flow, z: string): boolean;
  /** R = y ⊙ m with y = relu(z), exactly. */
  reluOf(flow: Flow, z: string): { readonly value: string; readonly multiplier: string } | undefined;
}

export const knownOf = (steps: readonly Step[], nonnegative: ReadonlySet<string>): Known => {
  const cut = new Map<string, { readonly input: string; readonly exact: boolean }>();
  for (const { node, role } of steps)
    if (role.kind === "activation" && role.cutsNegative)
      cut.set(node.output[0]!, { input: node.input[0]!, exact: role.relu === true });
  return {
    nonnegative,
    onlyWherePositive: (flow, z) =>
      flow.full === undefined && flow.pairs.size > 0 && [...flow.pairs.keys()].every((y) => cut.get(y)?.input === z),
    reluOf: (flow, z) => {
      if (flow.full !== undefined || flow.pairs.size !== 1) return undefined;
      const [value, multiplier] = [...flow.pairs][0]!;
      const made = cut.get(value);
      return made?.exact && made.input === z ? { value, multiplier } : undefined;
    },
  };
};

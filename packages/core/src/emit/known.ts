/** What signs say about relevance: after a ReLU it lies where the layer's output is positive. */
import type { Step } from "../plan/index.ts";
import type { Flow } from "./flow.ts";

export interface Known {
  readonly nonnegative: ReadonlySet<string>;
  /** Values a mask may have set to −∞: sums and choices with something that is not on the path. */
  readonly masked: ReadonlySet<string>;
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
    masked: maskedValues(steps),
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

const MASKING = new Set(["Add", "Sub", "Sum", "Where", "Max", "Min", "ScatterND", "ScatterElements", "Trilu"]);
const maskedValues = (steps: readonly Step[]): Set<string> => {
  const masked = new Set<string>();
  for (const { node, role, inputs } of steps) {
    const fixed = node.input.some((name, i) => name !== "" && !inputs.includes(i));
    const moved = role.kind === "structural" && node.input.some((name) => masked.has(name));
    if (moved || (MASKING.has(node.opType) && fixed)) for (const name of node.output) masked.add(name);
  }
  return masked;
};

/**
 * `params.batchnorm: "layer"`: a BatchNormalization no layer took in, y = s ⊙ x + t, is a layer with the ε rule, so that its shift keeps its
 * share. What comes from z^B, w² or flat is not in proportion to y and must not be divided by it: in front of such a layer it passes.
 */
import type { RuleSpec } from "../rules/index.ts";
import type { Step } from "./step.ts";

/** Rules whose relevance is not in proportion to the layer's input. */
const LOOKS_AWAY = new Set(["zbox", "wsquare", "flat"]);
/** What hands a value on as it is, position by position, or moved. */
const HANDS_ON = new Set(["activation", "scale", "shift", "structural"]);

export const isBatchNorm = ({ node }: Pick<Step, "node">): boolean => node.opType === "BatchNormalization" && node.domain === "";

/** The rule of every BatchNormalization that no rule of the recipe names. `open`: those. */
export const batchNormsAsLayers = (steps: readonly Step[], open: ReadonlySet<Step>, stabilizer: number): readonly Step[] => {
  const away = new Set<string>(); // values read, through what hands them on, by a layer that looks away
  const ruled: Step[] = [];
  for (let k = steps.length - 1; k >= 0; k--) {
    const step = steps[k]!;
    const { node, role, rule, inputs } = step;
    const read = node.output.some((name) => away.has(name));
    if (LOOKS_AWAY.has(rule.name) || (read && HANDS_ON.has(role.kind))) for (const i of inputs) away.add(node.input[i]!);
    ruled.unshift(open.has(step) ? { ...step, ...assigned(read, stabilizer) } : step);
  }
  return ruled;
};

const assigned = (away: boolean, epsilon: number): Pick<Step, "rule" | "why" | "loses"> =>
  away
    ? { rule: { name: "pass" }, why: "a batch norm in front of a layer whose rule does not look at its input", loses: [] }
    : {
        rule: { name: "epsilon", epsilon } satisfies RuleSpec,
        why: "a batch norm that stays is a layer: the shift keeps its share",
        loses: ["the shift's share"],
      };

/**
 * Zeros put around a map before a convolution become the convolution's own padding, for the walk. Under rules that weigh by the input
 * zeros take nothing, and what a gradient sends to them is dropped either way: the maps are the same. The runtime pads inside its
 * blocked layout then, in the forward pass too (which it does by itself where nothing else reads the padded map).
 */
import type { Facts } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import { attr, getString } from "../onnx/attributes.ts";
import { isLinear, roleOf } from "../ops/index.ts";
import { padWidths } from "../ops/pad-widths.ts";
import { windowOf } from "../ops/window.ts";
import type { Plan, Step } from "../plan/index.ts";
import { linearRule, rules } from "../rules/index.ts";

/** The same plan, convolutions reading what lies before their Pad. `keep`: values whose relevance is asked for. */
export const absorbPads = (plan: Plan, facts: Facts, keep: ReadonlySet<string>): Plan => {
  const pads = new Map(
    plan.steps.flatMap(({ node }) => (node.opType === "Pad" && node.domain === "" ? [[node.output[0]!, node]] : [])),
  );
  if (pads.size === 0) return plan;
  const steps = plan.steps.map((step) => {
    const pad = pads.get(step.node.input[0] ?? "");
    if (pad === undefined || keep.has(pad.output[0]!) || !weighsInputs(step)) return step;
    return absorbed(step, pad, facts) ?? step;
  });
  return { ...plan, steps };
};

/** Nothing goes to an input that is 0, or what goes there goes nowhere else. */
const weighsInputs = ({ rule, bounds, inputs }: Step): boolean => {
  if (bounds !== undefined || inputs.length !== 1 || inputs[0] !== 0) return false;
  if (rule.name === "gradient") return true;
  return (
    rules[rule.name]?.groups !== undefined &&
    linearRule(rule).groups.every(({ terms }) => terms.every(({ x }) => typeof x === "string" && x !== "one"))
  );
};

const absorbed = (step: Step, pad: GraphNode, facts: Facts): Step | undefined => {
  const { node } = step;
  if (node.opType !== "Conv" || node.domain !== "" || node.body !== undefined) return undefined;
  if (getString(pad, "mode", "constant") !== "constant") return undefined;
  if (pad.input[2] && facts.scalar(pad.input[2]) !== 0) return undefined;
  const widths = padWidths(pad, facts);
  if (typeof widths === "string") return undefined;
  const { begin, end } = windowOf(node, facts, node.input[1]);
  const around = [begin.map((n, i) => n + widths.begin[i]!), end.map((n, i) => n + widths.end[i]!)].flat();
  const attribute = [...node.attribute.filter(({ name }) => name !== "pads" && name !== "auto_pad"), attr.ints("pads", around)];
  const own = { ...node, input: [pad.input[0]!, ...node.input.slice(1)], attribute };
  const role = roleOf(own, facts);
  return typeof role !== "string" && isLinear(role) ? { ...step, node: own, role } : undefined;
};

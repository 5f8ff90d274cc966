/** What a step without a linear form does with the relevance at its output. */
import type { Role, Site } from "../ops/index.ts";
import { unbroadcast } from "../ops/index.ts";
import type { RuleSpec } from "../rules/index.ts";
import { type Flow, full, multiplied, multiplierOf, pair } from "./flow.ts";

type Flows = ReadonlyMap<number, Flow>;

/** `flows`: one per output of the node, undefined where nothing arrives. */
export const propagateLocal = (
  site: Site,
  role: Role,
  rule: RuleSpec,
  flows: readonly (Flow | undefined)[],
  inputs: readonly number[],
): Flows => {
  const { g, node, facts } = site;
  const to = (make: (i: number) => Flow): Flows => new Map(inputs.map((i) => [i, make(i)]));
  const sameShape = (i: number) => facts.shapeOf(node.input[i]!).join() === facts.shapeOf(node.output[0]!).join();
  const r = () => multiplied(g, flows[0]!);
  const shaped = (value: string, i: number) =>
    unbroadcast(g, value, facts.shapeOf(node.output[0]!), facts.shapeOf(node.input[i]!), node.input[i]!);
  switch (rule.name) {
    case "pass":
      return to((i) => (sameShape(i) ? flows[0]! : full(shaped(r(), i))));
    case "uniform":
      return to((i) => full(shaped(g.scale(r(), 1 / inputs.length), i)));
    case "signal-takes-all":
      return to((i) => (i === rule.gate ? full(g.mul(node.input[i]!, g.floats(0))) : full(shaped(r(), i))));
    case "guided":
      return to(() => full(g.mul(g.relu(r()), g.above(node.output[0]!, 0))));
    case "deconv":
      return to(() => full(g.relu(r())));
    case "beta-smooth":
      return to(() => full(g.mul(r(), g.op("Sigmoid", [g.scale(node.input[0]!, rule.beta as number)]))));
    case "taylor":
      return to((i) => full(g.mul(node.input[i]!, role.vjp(site, [taylorShare(site, r())], i))));
    default:
      return gradient(site, role, flows, inputs);
  }
};

/** Softmax: x ⊙ Jᵀ(R ⊘ s) = x (R − s Σ R). */
const taylorShare = ({ g, node }: Site, r: string): string => g.div(r, g.add(node.output[0]!, g.floats(1e-38)));

/**
 * Jᵀ R. Nodes that only select or move values (y = x[index]) keep a pair on their output as a pair on their input, since
 * Jᵀ(y ⊙ m) = x ⊙ Jᵀm: the value is multiplied in later, or never.
 */
const gradient = (site: Site, role: Role, flows: readonly (Flow | undefined)[], inputs: readonly number[]): Flows => {
  const { g, node } = site;
  const copies = role.kind === "structural" || role.kind === "selection";
  const multipliers = flows.map((flow, k) => flow && multiplierOf(flow, node.output[k]!));
  const all = copies && flows.every((flow, k) => flow === undefined || multipliers[k] !== undefined);
  const cotangents = all ? multipliers : flows.map((flow) => flow && multiplied(g, flow));
  return new Map(
    inputs.map((i) => {
      const back = role.vjp(site, cotangents, i);
      return [i, all ? pair(node.input[i]!, back) : full(back)];
    }),
  );
};

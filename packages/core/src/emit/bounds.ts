/** The box of z^B at a layer behind nodes that move, scale or shift the input: each bound goes their way. */
import { againAt, type Site } from "../ops/index.ts";
import type { Step } from "../plan/index.ts";
import type { Group, InputPart, LinearRule } from "../rules/index.ts";

type Bound = number | readonly number[];

/** The rule with bounds as values of the graph, in the shape of the layer's input. */
export const withBounds = (site: Site, step: Step, rule: LinearRule | undefined): LinearRule | undefined => {
  if (rule === undefined || step.bounds === undefined) return rule;
  const { low, high } = moved(site, step);
  const placed = (x: InputPart): InputPart => {
    if (typeof x !== "object") return x;
    return { bound: x.bound === step.rule.low ? low : high };
  };
  const terms = (group: Group): Group => ({ ...group, terms: group.terms.map((term) => ({ ...term, x: placed(term.x) })) });
  return { ...rule, groups: rule.groups.map(terms) };
};

const moved = ({ g, facts, node }: Site, { role, rule, bounds, inputs }: Step) => {
  const { of, axis, through, elementwise } = bounds!;
  const shape = facts.shapeOf(of);
  const channels = shape[axis];
  const start = (bound: Bound): string => {
    const list = typeof bound === "number" ? [bound] : bound;
    // A batch norm wants as many channels as it has parameters.
    const numbers = list.length === 1 && channels ? Array.from({ length: channels }, () => list[0]!) : list;
    const value = g.floats(
      numbers,
      shape.map((_, i) => (i === axis ? numbers.length : 1)),
    );
    return elementwise ? value : g.op("Expand", [value, g.op("Shape", [of])]);
  };
  let [low, high] = [start(rule.low as Bound), start(rule.high as Bound)];
  let read = of;
  for (const { node: between, scales } of through) {
    const at = between.input.indexOf(read);
    const [a, b] = [low, high].map((x) => againAt({ g, facts, node: between }, [at], [x])) as [string, string];
    [low, high] = scales ? [g.op("Min", [a, b]), g.op("Max", [a, b])] : [a, b];
    read = between.output[0]!;
  }
  const x = node.input[inputs[0]!]!;
  const all = "wholeShape" in role && role.wholeShape;
  const whole = (value: string) => (all ? g.op("Expand", [value, g.op("Shape", [x])]) : g.filled(value, x));
  return elementwise ? { low: whole(low), high: whole(high) } : { low, high };
};

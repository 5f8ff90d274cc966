/** 1/(1 + exp(−x)): a sigmoid spelled out. */
import type { GraphNode } from "../graph/graph.ts";
import { inOrder, type Rewrite, unit, type View } from "./rewrite.ts";

export const sigmoid: Rewrite = {
  name: "sigmoid",
  what: "1/(1 + exp(−x)), spelled out, becomes a Sigmoid",
  match(last, view) {
    if (last.domain !== "") return undefined;
    const divides = last.opType === "Div" && isAll(last.input[0]!, 1, view);
    if (last.opType !== "Reciprocal" && !divides) return undefined;
    const add = view.producer(last.input[divides ? 1 : 0]);
    if (add?.opType !== "Add") return undefined;
    const one = add.input.findIndex((name) => isAll(name, 1, view));
    const exp = one < 0 ? undefined : view.producer(add.input[1 - one]);
    const minus = exp?.opType === "Exp" ? view.producer(exp.input[0]) : undefined;
    const x = minus && negated(minus, view);
    if (x === undefined) return undefined;
    const removed = [last, add, exp!, minus!];
    const leak = view.leak(new Set(removed), last);
    if (leak !== undefined) return leak;
    if (view.facts.shapeOf(x).join() !== view.facts.shapeOf(last.output[0]!).join()) return "the constants widen it";
    const made = { ...last, opType: "Sigmoid", input: [x], attribute: [] };
    return { remove: removed, add: [unit(made, inOrder(removed, x))] }; // σ of the runtime is 0 where this is only small
  },
};

const isAll = (name: string, value: number, view: View): boolean =>
  view.facts.isConstant(name) && (view.facts.numbers(name)?.every((v) => v === value) ?? false);

/** What −x is the negative of. */
const negated = (node: GraphNode, view: View): string | undefined => {
  if (node.opType === "Neg") return node.input[0]!;
  if (node.opType !== "Mul") return undefined;
  const side = node.input.findIndex((name) => isAll(name, -1, view));
  return side < 0 ? undefined : node.input[1 - side]!;
};

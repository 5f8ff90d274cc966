/**
 * A normalization spelled out: a / b, or a · (1/b), where b depends on nothing but a through a reduction (or on x, where
 * a = x − mean(x)). b is a scale, held fixed by the rules; what remains is an affine map of x, and a following Mul and Add of
 * constants belong to it: LayerNorm, RMSNorm, GroupNorm, L2 normalization as exporters leave them. The same unit takes in the
 * constants that follow a normalization that is one operator.
 */

import { type GraphNode, opName } from "../graph/graph.ts";
import { append } from "../numeric/extremes.ts";
import { attr } from "../onnx/attributes.ts";
import { activationOps } from "../ops/activations.ts";
import { bodyOf, inOrder, type Replacement, type Rewrite, unit, type View } from "./rewrite.ts";

const REDUCTIONS = new Set([
  "ReduceMean",
  "ReduceSum",
  "ReduceL2",
  "ReduceL1",
  "ReduceSumSquare",
  "ReduceMax",
  "GlobalAveragePool",
]);
const ARITHMETIC = new Set(["Add", "Sub", "Mul", "Div", "Pow", "Max"]);
const MOVES = new Set(["Reshape", "Expand", "Unsqueeze", "Squeeze", "Transpose", "Identity", "Cast", "Flatten"]);
const FUSED = new Set([
  "LayerNormalization",
  "GroupNormalization",
  "InstanceNormalization",
  "RMSNormalization",
  "LpNormalization",
]);
/** The nodes of a scale: the longest is mean, difference, square, mean, +ε, root, reciprocal, with moves between. */
const MOST = 16;

export const normalization: Rewrite = {
  name: "normalization",
  what: "LayerNorm, RMSNorm, GroupNorm, L2 normalization, spelled out in several nodes, become one normalization",
  match(node, view) {
    if (node.domain !== "" || view.facts.isConstant(node.output[0]!)) return undefined;
    if (FUSED.has(node.opType)) return withAffine([node], node.input[0]!, node, "", view);
    if (node.opType !== "Div" && node.opType !== "Mul") return undefined;
    const [left, right] = node.input as [string, string];
    if (view.facts.isConstant(left) || view.facts.isConstant(right)) return undefined;
    const sides: readonly (readonly [string, string])[] =
      node.opType === "Div"
        ? [[left, right]]
        : [
            [left, right],
            [right, left],
          ];
    for (const [value, scale] of sides) {
      const found = node.opType === "Div" || isReciprocal(scale, view) ? scaleOf(value, scale, view) : undefined;
      if (found === undefined) continue;
      const nodes = new Set([...found.nodes, node]);
      return view.leak(nodes, node) ?? withAffine([...nodes], found.root, node, scale, view);
    }
    return node.opType === "Div" ? "its denominator is no function of its numerator through a reduction" : undefined;
  },
};

/** 1/b, b to a negative power, perhaps times constants: what a normalization multiplies by, where a gate is something else. */
const isReciprocal = (value: string, view: View): boolean => {
  const node = view.producer(value);
  if (node === undefined) return false;
  const varying = node.input.filter((name) => name !== "" && !view.facts.isConstant(name));
  if (node.opType === "Reciprocal") return true;
  if (node.opType === "Div") return varying.length === 1 && view.facts.isConstant(node.input[0]!);
  if (node.opType === "Pow") return (view.facts.scalar(node.input[1]) ?? 0) < 0;
  return (MOVES.has(node.opType) || node.opType === "Mul") && varying.length === 1 && isReciprocal(varying[0]!, view);
};

/** Where the scale and the value come from: one x. */
const scaleOf = (value: string, scale: string, view: View): { root: string; nodes: readonly GraphNode[] } | undefined => {
  const centred = centre(value, view);
  const roots = new Set([value, ...(centred ? [centred.x] : [])]);
  const nodes = new Set<GraphNode>();
  const stack = [scale];
  let [reduced, met] = [false, undefined as string | undefined];
  while (stack.length > 0) {
    const name = stack.pop()!;
    if (view.facts.isConstant(name)) continue;
    if (roots.has(name) && name !== scale) {
      met = met === undefined || met === name ? name : centred!.x;
      continue;
    }
    const node = view.producer(name);
    if (node === undefined || node.domain !== "" || nodes.size > MOST) return undefined;
    const known =
      REDUCTIONS.has(node.opType) || MOVES.has(node.opType) || ARITHMETIC.has(node.opType) || opName(node) in activationOps;
    if (!known) return undefined;
    reduced ||= REDUCTIONS.has(node.opType);
    if (!nodes.has(node))
      append(
        stack,
        node.input.filter((input) => input !== ""),
      );
    nodes.add(node);
  }
  if (!reduced || met === undefined) return undefined;
  if (centred === undefined) return { root: value, nodes: [...nodes] };
  return { root: centred.x, nodes: [...nodes, ...centred.nodes] };
};

/** a = x − mean(x) */
const centre = (value: string, view: View): { x: string; nodes: readonly GraphNode[] } | undefined => {
  const sub = view.producer(value);
  if (sub?.opType !== "Sub") return undefined;
  const mean = view.producer(sub.input[1]);
  const x = sub.input[0]!;
  return mean?.opType === "ReduceMean" && mean.input[0] === x ? { x, nodes: [mean, sub] } : undefined;
};

/** Takes in what follows: moves, then one Mul and one Add of a constant. */
const withAffine = (
  nodes: readonly GraphNode[],
  root: string,
  last: GraphNode,
  scale: string,
  view: View,
): Replacement | undefined => {
  const taken = [...nodes];
  let [end, waiting] = [last, [] as GraphNode[]];
  const wanted = new Set(["Mul", "Add"]);
  while (wanted.size > 0) {
    const next = view.soleConsumer((waiting.at(-1) ?? end).output[0]!);
    if (next === undefined || next.domain !== "") break;
    const addend = next.input.find((name) => view.facts.isConstant(name));
    if (MOVES.has(next.opType) && next.opType !== "Cast") waiting.push(next);
    else if (wanted.has(next.opType) && addend !== undefined && keepsShape(next, view)) {
      append(taken, [...waiting, next]);
      [end, waiting] = [next, []];
      wanted.delete("Mul");
      if (next.opType === "Add") wanted.clear();
    } else break;
  }
  if (taken.length === 1) return undefined; // one operator has its own role
  const body = inOrder(taken, root).flatMap(bodyOf);
  const made = { ...end, domain: "backlit", opType: "Normalization", input: [root], attribute: [attr.string("fixed", scale)] };
  return { remove: taken, add: [unit(made, body)] };
};

const keepsShape = (node: GraphNode, { facts }: View): boolean => {
  const value = node.input.find((name) => !facts.isConstant(name))!;
  return (
    facts.rank(value) === facts.rank(node.output[0]!) && facts.shapeOf(value).join() === facts.shapeOf(node.output[0]!).join()
  );
};

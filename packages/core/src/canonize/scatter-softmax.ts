/**
 * exp(x) / Σ exp(x) where the sum runs over the entries that share an index: the softmax of graph attention, over the edges that end at
 * one node. Sums (and maxima, which x is centred by) are scattered to the nodes and read back by the same index; a small constant may
 * be added to the sum. For the rules it is one softmax.
 */
import { behind } from "../graph/behind.ts";
import { type GraphNode, opName } from "../graph/graph.ts";
import { attr, getString } from "../onnx/attributes.ts";
import { bodyOf, inOrder, type Rewrite, unit, type View } from "./rewrite.ts";

const READS = new Set(["Gather", "GatherElements", "GatherND"]);
const SCATTERS = new Set(["ScatterElements", "ScatterND"]);
/** What exporters make of an index before they use it; its order stays. */
const SAME_ORDER = new Set(["Unsqueeze", "Squeeze", "Expand", "Reshape", "Identity", "Cast"]);
/** Largest addend that only keeps a sum from being zero. */
const NEGLIGIBLE = 1e-6;

/** What was scattered with a reduction and is read back by the same index. */
interface Reduced {
  readonly values: string;
  readonly scatter: GraphNode;
  readonly read: GraphNode;
  readonly nodes: readonly GraphNode[];
}

export const scatterSoftmax: Rewrite = {
  name: "scatter-softmax",
  what: "exp(x) / Σ exp(x) over entries that share an index becomes one softmax",
  match(div, view) {
    if (div.opType !== "Div" || div.domain !== "") return undefined;
    const exp = view.producer(div.input[0]);
    const sum = exp?.opType === "Exp" ? reducedBack(div.input[1]!, "add", view) : undefined;
    if (exp === undefined || sum === undefined || sum.values !== exp.output[0]) return undefined;
    const shifted = view.producer(exp.input[0]);
    const peak = shifted?.opType === "Sub" ? reducedBack(shifted.input[1]!, "max", view) : undefined;
    const centred = peak !== undefined && peak.values === shifted!.input[0];
    const nodes = new Set([div, exp, ...sum.nodes, ...(centred ? [shifted!, ...peak.nodes] : [])]);
    const leak = view.leak(nodes, div);
    if (leak !== undefined) return leak;
    const x = centred ? shifted!.input[0]! : exp.input[0]!;
    const attribute = [attr.string("scatter", sum.scatter.output[0]!), attr.string("read", sum.read.output[0]!)];
    const made = { ...div, domain: "backlit", opType: "ScatterSoftmax", input: [x], attribute };
    return { remove: [...nodes], add: [unit(made, inOrder([...nodes], x).flatMap(bodyOf))] };
  },
};

/** `value` as a reduction by index, read back; sums may have a small constant added before or behind reading. */
const reducedBack = (value: string, reduction: "add" | "max", view: View): Reduced | undefined => {
  const nodes: GraphNode[] = [];
  const through = (name: string): GraphNode | undefined => {
    const node = view.producer(name);
    const added = reduction === "add" && node?.opType === "Add" ? smallAddend(node, view) : undefined;
    if (node === undefined || added === undefined) return node;
    nodes.push(node);
    return view.producer(added);
  };
  const read = through(value);
  if (read === undefined || !READS.has(opName(read))) return undefined;
  const scatter = through(read.input[0]!);
  if (scatter === undefined || !SCATTERS.has(opName(scatter)) || getString(scatter, "reduction", "none") !== reduction)
    return undefined;
  if (!view.facts.isConstant(scatter.input[0]!) && !isFilled(scatter.input[0]!, view)) return undefined;
  if (indexOf(read.input[1]!, view) !== indexOf(scatter.input[1]!, view)) return undefined;
  return { values: scatter.input[2]!, scatter, read, nodes: [...nodes, read, scatter] };
};

/** The other summand, where one is a constant near zero. */
const smallAddend = (node: GraphNode, { facts }: View): string | undefined => {
  const at = node.input.findIndex((name) => Math.abs(facts.scalar(name) ?? 1) <= NEGLIGIBLE);
  return at < 0 ? undefined : node.input[1 - at];
};

/** The same number everywhere, in a shape that depends on the input. */
const isFilled = (name: string, view: View): boolean => {
  const node = view.producer(name);
  return node?.opType === "ConstantOfShape" || (node?.opType === "Expand" && view.facts.isConstant(node.input[0]!));
};

const indexOf = (name: string, view: View): string =>
  behind(
    name,
    (value) => view.producer(value),
    (node) => SAME_ORDER.has(opName(node)),
  );

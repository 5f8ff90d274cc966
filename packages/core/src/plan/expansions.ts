/**
 * The layers that widen a linear bottleneck (Sandler et al. 2018, MobileNetV2): what they read is made by layers with weights and sums of
 * those alone, with no activation between, and a convolution that takes every channel apart reads what they make.
 */
import { CONVOLUTION } from "../composites/index.ts";
import type { Facts } from "../graph/facts.ts";
import { type GraphNode, opName } from "../graph/graph.ts";
import type { Kind } from "../ops/index.ts";
import { isDepthwise } from "./depthwise.ts";

interface Read {
  readonly node: GraphNode;
  readonly kind: Kind;
  /** Positions of the inputs on the path. */
  readonly inputs: readonly number[];
}

/** What leaves a linear map of the layers before it linear. */
const LINEAR: ReadonlySet<Kind> = new Set(["sum", "scale", "shift", "structural"]);
/** What lies between a layer and the depthwise convolution behind it. */
const BETWEEN: ReadonlySet<Kind> = new Set(["activation", "scale", "shift", "structural"]);

const convolves = (node: GraphNode): boolean => (CONVOLUTION as readonly string[]).includes(opName(node));

/** `nodes`: in topological order. */
export const expansions = (nodes: readonly Read[], facts: Facts): ReadonlySet<GraphNode> => {
  const linear = new Set<string>(); // values that are linear in the last layers before them
  const widening = new Map<string, GraphNode>(); // values that a layer behind a bottleneck makes, through activations
  const found = new Set<GraphNode>();
  for (const { node, kind, inputs } of nodes) {
    const read = inputs.map((k) => node.input[k]!);
    const bare = read.length > 0 && read.every((name) => linear.has(name));
    const layer = read.length === 1 ? widening.get(read[0]!) : undefined;
    if (layer !== undefined && convolves(node) && isDepthwise(node, facts.shape(node.input[0]!)?.[1])) found.add(layer);
    for (const name of node.output) {
      if (kind === "linear" || (bare && LINEAR.has(kind))) linear.add(name);
      if (kind === "linear" && bare) widening.set(name, node);
      else if (layer !== undefined && BETWEEN.has(kind)) widening.set(name, layer);
    }
  }
  return found;
};

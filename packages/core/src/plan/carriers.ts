/**
 * Which nodes relevance has to go through. A value *carries* the explained one where it changes with it along a path that has a
 * derivative: what is rounded, compared, counted or a position does not, whatever it is computed from. A node needs a rule only where
 * what it makes carries the explained value and relevance can arrive there.
 */
import { type GraphNode, graphsOf, opName, valuesRead } from "../graph/graph.ts";
import { wholeInside } from "../graph/whole.ts";
import type { GraphProto, NodeProto } from "../onnx/proto.ts";
import { constantPieces } from "../ops/constant-pieces.ts";
import type { Role } from "../ops/index.ts";

export interface Ends {
  readonly explained: readonly string[];
  readonly start: string;
  /** Values that are no floats. */
  readonly whole: ReadonlySet<string>;
}

/** Nodes in topological order, and their roles; text: why a node has none. */
type Roles = ReadonlyMap<GraphNode, Role | string>;
type Has = (name: string) => boolean;

/** The values that carry what is explained. */
export const carriersOf = (roles: Roles, { explained, whole }: Omit<Ends, "start">): ReadonlySet<string> => {
  const carries = new Set(explained);
  for (const [node, role] of roles)
    node.output.forEach((name, i) => {
      if (name !== "" && !whole.has(name) && hands(node, role, i, carries, whole)) carries.add(name);
    });
  return carries;
};

/** The nodes that need a rule. */
export const nodesOnPath = (roles: Roles, ends: Ends): ReadonlySet<GraphNode> => {
  const { start } = ends;
  const carries = carriersOf(roles, ends);
  const arrives = new Set([start]);
  const found = new Set<GraphNode>();
  for (const [node, role] of [...roles].reverse()) {
    if (!node.output.some((name) => arrives.has(name) && carries.has(name))) continue;
    found.add(node);
    for (const name of typeof role === "string" ? valuesRead(node) : role.inputs.map((i) => node.input[i]!)) arrives.add(name);
  }
  return found;
};

/** Does output i of a node carry what its inputs do? */
const hands = (
  node: GraphNode,
  role: Role | string,
  i: number,
  carries: ReadonlySet<string>,
  whole: ReadonlySet<string>,
): boolean => {
  if (typeof role !== "string") return role.inputs.some((k) => carries.has(node.input[k]!));
  const [has, isWhole]: [Has, Has] = [(name) => carries.has(name), (name) => whole.has(name)];
  return graphsOf(node).length === 0 ? valuesRead(node).some(has) : handsOut(node, i, has, isWhole);
};

/** Output i of a branch, a loop or a scan: that of any of its graphs, after as many rounds as change something. */
const handsOut = (node: NodeProto, i: number, has: Has, isWhole: Has): boolean => {
  const looped = node.opType !== "If";
  const at = node.opType === "Loop" ? i + 1 : i;
  return graphsOf(node).some((graph) => {
    const inputs = looped ? node.input.map(has) : [];
    const whole = looped ? node.input.map(isWhole) : [];
    for (;;) {
      const outputs = inside(graph, inputs, { has, isWhole, whole });
      // A loop's body takes (round, condition, state…) and makes (condition, state…); a scan's (state…, slices…) makes (state…, stacked…).
      const shift = node.opType === "Loop" ? 1 : 0;
      const fresh = looped ? inputs.findIndex((known, k) => !known && k >= 2 * shift && outputs[k - shift]) : -1;
      if (fresh < 0) return outputs[at] ?? true;
      inputs[fresh] = true;
    }
  });
};

interface Outside {
  readonly has: Has;
  readonly isWhole: Has;
  /** Which inputs are no floats. */
  readonly whole: readonly boolean[];
}

/** Which outputs of a graph carry, given which of its inputs do. Without shapes: all that reads a carrier carries, unless it has no derivative. */
const inside = (graph: GraphProto, inputs: readonly boolean[], { has, isWhole, whole }: Outside): readonly boolean[] => {
  const wholes = wholeInside(graph, whole, isWhole);
  const own = new Set(graph.input.flatMap(({ name }, i) => (inputs[i] && !wholes.has(name) ? [name] : [])));
  const carries: Has = (name) => own.has(name) || has(name);
  for (const node of graph.node)
    node.output.forEach((name, i) => {
      if (name === "" || wholes.has(name) || STEPS.has(opName(node))) return;
      const handed =
        graphsOf(node).length === 0
          ? valuesRead(node).some(carries)
          : handsOut(node, i, carries, (value) => wholes.has(value) || isWhole(value));
      if (handed) own.add(name);
    });
  return graph.output.map(({ name }) => carries(name));
};

const STEPS: ReadonlySet<string> = new Set(constantPieces);

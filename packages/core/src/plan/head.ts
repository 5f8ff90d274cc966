/**
 * The head: the linear layers from which only scales, constant addends, sums, averages, structural nodes and at most one element-wise
 * activation lead to the explained value. What lies behind them, the *tail*, is walked by derivatives: v at the explained value becomes
 * v at each layer's output z, whatever is added to it on the way.
 *
 * At a sum of which one branch has reached a layer, a branch that meets an activation or a further sum first is a skip: it is not
 * followed, and relevance starts there as y ⊙ v.
 */

import { derived } from "../graph/derived.ts";
import type { GraphNode } from "../graph/graph.ts";
import { isLinear, type Role } from "../ops/index.ts";
import type { OutputReading } from "../reading/index.ts";

export interface Head {
  readonly layers: ReadonlySet<GraphNode>;
  /** Nodes between the layers and the explained value. */
  readonly tail: ReadonlySet<GraphNode>;
}

interface Named {
  readonly node: GraphNode;
  readonly role: Role;
}

/** What may still come below: `link`, everything that makes probabilities of members' logits; then one activation; then none. */
type Left = "link" | "activation" | "none";

export const headOf = (nodes: readonly Named[], { link }: OutputReading): Head => {
  const makers = new Map(nodes.flatMap((named) => named.node.output.map((name) => [name, named] as const)));
  const layers = new Set<GraphNode>();
  const tail = new Set<GraphNode>();
  const seen = new Set<string>();
  const linked = link.kind === "mixture" ? behindLinks(makers, link.start) : new Set<GraphNode>();

  const waiting: (readonly [value: string, left: Left])[] = [];
  const follow = (value: string, left: Left): void => {
    const made = makers.get(value);
    const key = `${left} ${value}`;
    if (made === undefined || seen.has(key)) return;
    seen.add(key);
    const { node, role } = made;
    const inputs = role.inputs.map((i) => node.input[i]!).filter((name) => name !== "");
    const on = (next: Left, some = inputs) => {
      tail.add(node);
      for (const name of some) waiting.push([name, next]);
    };
    if (left === "link" && linked.has(node)) on("link");
    else if (left === "link" && (role.kind === "softmax" || role.kind === "activation")) on("none");
    else if (role.kind === "linear" && role.weight !== undefined) layers.add(node);
    else if (role.kind === "activation") {
      if (left !== "none") on("none");
    } else if (["scale", "shift", "structural"].includes(role.kind) || (isLinear(role) && inputs.length < 2))
      on(left === "link" ? "activation" : left);
    else if (role.kind === "sum") {
      const reached = inputs.filter(reaches);
      on(left === "link" ? "activation" : left, reached.length > 0 ? reached : inputs);
    }
  };
  const reaches = reaching(makers);
  waiting.push([link.start, link.kind === "mixture" ? "link" : link.kind === "none" ? "activation" : "none"]);
  for (const [value, left] of waiting) follow(value, left);
  return { layers, tail };
};

type Makers = ReadonlyMap<string, Named>;

/** Whether a layer is reached through what neither bends nor adds up branches. */
const reaching = (makers: Makers): ((value: string) => boolean) => {
  const isLayer = ({ role }: Named) => role.kind === "linear" && role.weight !== undefined;
  const before = (value: string): readonly string[] => {
    const made = makers.get(value);
    if (made === undefined || isLayer(made)) return [];
    const { node, role } = made;
    const plain =
      ["scale", "shift", "structural"].includes(role.kind) || (["sum", "linear"].includes(role.kind) && role.inputs.length < 2);
    return plain ? role.inputs.map((i) => node.input[i]!) : [];
  };
  return derived<string, boolean>({
    before,
    make: (value, of) => {
      const made = makers.get(value);
      return made !== undefined && (isLayer(made) || before(value).some(of));
    },
    circular: false,
  });
};

/** Activations that only reshape a probability: what makes it one lies below. */
const PASSED = new Set(["Clip", "Log", "Reciprocal", "Pow"]);

/** Nodes between the output and the nearest softmax or activation that makes probabilities of logits. */
const behindLinks = (makers: Makers, start: string): ReadonlySet<GraphNode> => {
  const found = new Set<GraphNode>();
  const linkOf = ({ node, role }: Named): boolean => {
    const log = node.opType === "Exp" && makers.get(node.input[0]!)?.role.kind === "softmax";
    return role.kind === "softmax" || (role.kind === "activation" && !PASSED.has(node.opType) && !log);
  };
  const before = (value: string): readonly string[] => {
    const made = makers.get(value);
    return made === undefined || linkOf(made) ? [] : made.role.inputs.map((i) => made.node.input[i]!);
  };
  const above = derived<string, boolean>({
    before,
    make: (value, of) => {
      const made = makers.get(value);
      if (made === undefined || linkOf(made)) return made !== undefined;
      const leads = before(value).some(of);
      if (leads) found.add(made.node);
      return leads;
    },
    circular: false,
  });
  above(start);
  return found;
};

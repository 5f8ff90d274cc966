/**
 * Sequences of a known number of tensors, as unrolled loops leave them: they are followed as lists of values, and what reads a
 * tensor out of one reads the value itself. SequenceAt is a copy, ConcatFromSequence a Concat, SequenceLength a number.
 */

import { Builder } from "../../graph/builder.ts";
import type { Facts } from "../../graph/facts.ts";
import { domainOf, namesOf, valuesRead } from "../../graph/graph.ts";
import { append } from "../../numeric/extremes.ts";
import { getInt } from "../../onnx/attributes.ts";
import type { ModelProto, NodeProto } from "../../onnx/proto.ts";
import { Budget } from "../budget.ts";
import { split } from "../parts.ts";
import type { Pass, Passed } from "../pass.ts";
import { concat, stack, unstack } from "./stack.ts";

type List = readonly string[];
interface Site {
  readonly g: Builder;
  readonly facts: Facts;
  readonly lists: ReadonlyMap<string, List>;
  /** Tensors of one sequence at most. */
  readonly most: number;
}

/** The list a node makes; undefined where it is not known. */
const makers: Readonly<Record<string, (node: NodeProto, site: Site) => List | undefined>> = {
  SequenceEmpty: () => [],
  SequenceConstruct: (node) => node.input,
  Identity: (node, { lists }) => lists.get(node.input[0]!),
  SequenceInsert: (node, site) => {
    const [list, at] = located(node, site, node.input[2]);
    return list && at !== undefined ? list.toSpliced(at, 0, node.input[1]!) : undefined;
  },
  SequenceErase: (node, site) => {
    const [list, at] = located(node, site, node.input[1], -1);
    return list && at !== undefined ? list.toSpliced(at, 1) : undefined;
  },
  SplitToSequence: (node, site) => pieces(node, site),
};

/** The tensor a node reads out of a list. */
const readers: Readonly<Record<string, (node: NodeProto, site: Site) => string | undefined>> = {
  SequenceAt: (node, site) => {
    const [list, at] = located(node, site, node.input[1]);
    return at === undefined ? undefined : list?.[at];
  },
  SequenceLength: (node, { g, lists }) => {
    const list = lists.get(node.input[0]!);
    return list && g.ints(list.length);
  },
  ConcatFromSequence: (node, { g, facts, lists }) => {
    const list = lists.get(node.input[0]!);
    const rank = facts.shape(node.output[0]!)?.length;
    if (list === undefined || list.length === 0 || rank === undefined) return undefined;
    const axis = getInt(node, "axis", 0);
    const at = axis < 0 ? axis + rank : axis;
    return getInt(node, "new_axis", 0) === 1 ? stack(g, list, at) : concat(g, list, at);
  },
};

/** A list and a place in it, counted from the front; without a position, `otherwise` or the end. */
const located = (node: NodeProto, { facts, lists }: Site, position?: string, otherwise?: number): [List?, number?] => {
  const list = lists.get(node.input[0]!);
  const given = position ? facts.scalar(position) : (otherwise ?? list?.length);
  if (list === undefined || given === undefined) return [];
  return [list, given < 0 ? given + list.length : given];
};

/** SplitToSequence: slices of length 1 (without their axis when keepdims is 0), of one given length, or of several. */
const pieces = (node: NodeProto, { g, facts, most }: Site): List | undefined => {
  const [x, sizes] = node.input as [string, string?];
  const shape = facts.shape(x);
  if (shape === undefined) return undefined;
  const axis = getInt(node, "axis", 0) + (getInt(node, "axis", 0) < 0 ? shape.length : 0);
  const size = shape[axis];
  if (typeof size !== "number" || size === 0) return undefined;
  if (!sizes && getInt(node, "keepdims", 1) === 0) return size > most ? undefined : unstack(g, x, axis, size);
  const given = sizes ? facts.value(sizes) : undefined;
  if (sizes && given === undefined) return undefined;
  const numbers = facts.numbers(sizes) ?? [1];
  const each = given === undefined || given.dims.length === 0 ? numbers[0]! : undefined;
  const lengths =
    each === undefined ? numbers : Array.from({ length: Math.ceil(size / each) }, (_, i) => Math.min(each, size - i * each));
  if (lengths.length > most) return undefined;
  return split(g, x, axis, lengths);
};

export const sequences: Pass = {
  name: "sequences",
  what: "sequences of a known number of tensors are followed as lists",
  apply: (traced, budget = new Budget()) => {
    const { model } = traced;
    const most = budget.limits.steps;
    const operators = new Set([...Object.keys(makers), ...Object.keys(readers)]);
    operators.delete("Identity");
    if (!model.graph.node.some((node) => operators.has(node.opType))) return undefined;
    const facts = traced.ownFacts();
    const g = new Builder(facts, namesOf(model.graph), `seq${traced.facts.shapes.size}`);
    const lists = new Map<string, List>();
    const nodes: NodeProto[] = [];
    let read = 0;
    for (const node of model.graph.node) {
      const before = g.nodes.length;
      const own = domainOf(node.domain) === "";
      const list = own ? makers[node.opType]?.(node, { g, facts, lists, most }) : undefined;
      if (list !== undefined) lists.set(node.output[0]!, list);
      const value = own ? readers[node.opType]?.(node, { g, facts, lists, most }) : undefined;
      append(nodes, g.nodes.slice(before));
      if (value === undefined) nodes.push(node);
      else {
        nodes.push({ opType: "Identity", domain: "", name: node.name, input: [value], output: node.output, attribute: [] });
        read++;
      }
    }
    return read === 0
      ? undefined
      : { model: finished(model, nodes, g), notes: [`${read} tensors read out of sequences of known length`] };
  },
};

/** Sequences nobody reads any more go. */
const finished = (model: ModelProto, nodes: readonly NodeProto[], g: Builder): Passed["model"] => {
  const needed = new Set(model.graph.output.map(({ name }) => name));
  const kept: NodeProto[] = [];
  for (const node of nodes.toReversed()) {
    const makes = node.opType in makers && node.opType !== "Identity";
    if (makes && !node.output.some((name) => needed.has(name))) continue;
    for (const name of valuesRead(node)) needed.add(name);
    kept.push(node);
  }
  const initializer = [...model.graph.initializer, ...g.constants];
  return { ...model, graph: { ...model.graph, node: kept.reverse(), initializer } };
};

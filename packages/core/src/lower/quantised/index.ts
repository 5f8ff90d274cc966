/**
 * Quantised models become the float models they stand for: every integer value is thought of as the number (q − zero point) · scale.
 * What is lost is the rounding of activations; what stays is the range they were cut to, since quantisers drop a Relu into it.
 */

import { namesOf, opName, valuesRead } from "../../graph/graph.ts";
import type { TracedModel } from "../../graph/traced-model.ts";
import { append } from "../../numeric/extremes.ts";
import type { GraphProto, NodeProto } from "../../onnx/proto.ts";
import type { Pass, Passed } from "../pass.ts";
import { blocks } from "./blocks.ts";
import { conversions, passers } from "./convert.ts";
import type { Handlers } from "./handler.ts";
import { linear } from "./linear.ts";
import { BLIND, moved } from "./movers.ts";
import { pointwise } from "./pointwise.ts";
import { Realm } from "./realm.ts";
import { readers, tidy } from "./tidy.ts";

/** Operators whose presence makes a model a quantised one. */
const quantisedOperators: Handlers = { ...conversions, ...linear, ...pointwise, ...blocks };
const handlers: Handlers = { ...quantisedOperators, ...passers };

export const quantised: Pass = {
  name: "quantised",
  what: "quantised values are the floats they stand for",
  apply: (traced): Passed | undefined => {
    const { model } = traced;
    if (!model.graph.node.some((node) => opName(node) in quantisedOperators)) return undefined;
    const { graph, counts } = walk(traced);
    if (counts.size === 0) return undefined;
    const found = [...counts].map(([op, n]) => `${n} ${op}`).join(", ");
    return {
      model: { ...model, graph },
      notes: [`a quantised model, explained as the float model that it stands for: ${found}`],
    };
  },
};

const walk = (traced: TracedModel): { readonly graph: GraphProto; readonly counts: ReadonlyMap<string, number> } => {
  const { model, graph: source } = traced;
  const consumers = readers(model.graph.node);
  const producers = new Map(model.graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const outputs = new Set(model.graph.output.map(({ name }) => name));
  const realm = new Realm({
    facts: traced.ownFacts(),
    initializers: source.initializers,
    types: traced.facts.types,
    taken: namesOf(model.graph),
    producer: (name) => producers.get(name),
    consumers: (name) => (outputs.has(name) ? [] : (consumers.get(name) ?? [])),
  });
  const nodes: NodeProto[] = [];
  const counts = new Map<string, number>();
  let taken = 0;
  const flush = () => {
    append(nodes, realm.g.nodes.slice(taken));
    taken = realm.g.nodes.length;
  };
  for (const node of model.graph.node) {
    if (realm.done.has(node)) continue;
    const handler = handlers[opName(node)];
    const done = handler === undefined ? passOn(node, realm) : handler(node, realm);
    if (done) {
      if (opName(node) in quantisedOperators) counts.set(opName(node), (counts.get(opName(node)) ?? 0) + 1);
    } else for (const name of valuesRead(node)) realm.integers(name);
    flush();
    if (!done) nodes.push(node);
  }
  for (const name of outputs) realm.integers(name);
  flush();
  return {
    graph: tidy(
      { ...model.graph, node: nodes, initializer: [...model.graph.initializer, ...realm.g.constants] },
      realm.renamed(),
    ),
    counts,
  };
};

/** Operators that work on floats as they do on integers. */
const passOn = (node: NodeProto, realm: Realm): boolean => {
  const stands = node.input.map((name) => realm.stands(name));
  if (stands.every((stand) => stand === undefined)) return false;
  const [first] = stands;
  if (BLIND.has(opName(node)) && first !== undefined) {
    realm.give(node.output[0]!, realm.g.emit({ ...node, input: [first.real, ...node.input.slice(1)] })[0]!);
    return true;
  }
  const positions = moved(node);
  const { code, dynamic } = positions?.map((i) => stands[i]).find((stand) => stand !== undefined) ?? {};
  if (positions === undefined || code === undefined || stands.some((stand, i) => stand !== undefined && !positions.includes(i)))
    return false;
  if (dynamic && positions.some((i) => stands[i] === undefined)) return false; // its scale is not known, so no other integer's meaning
  const input = node.input.map((name, i) => (positions.includes(i) ? realm.real(name, code) : name));
  const made = realm.g.emit({ ...node, input }, node.output.length);
  const values = node.opType === "Split" ? node.output.length : 1; // what follows are positions
  node.output.forEach((name, i) => {
    if (name === "") return;
    if (i < values) realm.keep(name, made[i]!, code, dynamic);
    else realm.give(name, made[i]!);
  });
  return true;
};

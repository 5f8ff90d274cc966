/**
 * Lowering: a file from any exporter becomes a plain float32 model of opset 17 or newer, made of operators that have roles. A pass
 * takes the whole model; most passes only take single nodes apart (`expanding`). Between passes the model is traced again, so a pass
 * may leave what it cannot decide yet: shapes of values a pass made are unknown until then.
 */
import { Builder } from "../graph/builder.ts";
import { Facts, type TraceFacts } from "../graph/facts.ts";
import { graphOf, nodeLabel, opName } from "../graph/graph.ts";
import type { GraphProto, ModelProto, NodeProto } from "../onnx/proto.ts";

export interface Pass {
  readonly name: string;
  /** What it does, in a line (docs and `inspect`). */
  readonly what: string;
  /** Undefined: nothing to do here. Errors: Unsupported, where nothing later could help. */
  apply(model: ModelProto, facts: TraceFacts): Passed | undefined;
}

export interface Passed {
  readonly model: ModelProto;
  /** What was done, for the user: "8 BiasGelu taken apart". */
  readonly notes: readonly string[];
}

/** Where an expansion writes. `g` writes nodes before the one that is replaced; all of them must be valid in the model's opset. */
export interface Context {
  readonly g: Builder;
  /** Shapes and constants; `facts.shape` is undefined for what an earlier pass of the same round made. */
  readonly facts: Facts;
  /** Of the default domain. */
  readonly opset: number;
  /** The node that makes a value, as it was before this pass. */
  producer(value: string): NodeProto | undefined;
}

/** The values that take the place of a node's outputs, in order; undefined leaves the node for another round. */
export type Expansion = (node: NodeProto, context: Context) => readonly string[] | undefined;

/** A pass that takes single nodes apart: expansions by operator name (`Softmax`, `com.microsoft.BiasGelu`). */
export const expanding = (
  name: string,
  what: string,
  table: Readonly<Record<string, Expansion>>,
  /** Changes the model as a whole once its nodes are done (its opset, for one). */
  finish: (model: ModelProto) => ModelProto = (model) => model,
): Pass => ({
  name,
  what,
  apply: (model, traced) => {
    const graph = graphOf(model);
    const producer = new Map(model.graph.node.flatMap((node) => node.output.map((output) => [output, node] as const)));
    const facts = new Facts(graph, traced);
    const opset = graph.opsets.get("") ?? 17;
    const g = new Builder(facts, namesOf(model.graph), `low${traced.shapes.size}`);
    const nodes: NodeProto[] = [];
    const counts = new Map<string, number>();
    for (const node of model.graph.node) {
      const before = g.nodes.length;
      const outputs = table[opName(node)]?.(node, { g, facts, opset, producer: (value) => producer.get(value) });
      if (outputs === undefined) {
        nodes.push(node);
        continue;
      }
      counts.set(opName(node), (counts.get(opName(node)) ?? 0) + 1);
      for (const made of g.nodes.slice(before)) nodes.push({ ...made, name: `${nodeLabel(node)}/${made.opType}` });
      node.output.forEach((output, i) => {
        if (output !== "" && outputs[i] !== undefined) nodes.push(identity(outputs[i], output));
      });
    }
    const finished = finish(model);
    if (counts.size === 0) return finished === model ? undefined : { model: finished, notes: [] };
    const notes = [...counts].map(([op, n]) => `${n} ${op}: ${what}`);
    const initializer = [...model.graph.initializer, ...g.constants];
    return { model: { ...finished, graph: { ...finished.graph, node: nodes, initializer } }, notes };
  },
});

const identity = (from: string, to: string): NodeProto => ({
  opType: "Identity",
  domain: "",
  name: "",
  input: [from],
  output: [to],
  attribute: [],
});

/** Every name in use, in subgraphs too. */
export const namesOf = (graph: GraphProto): string[] => [
  ...[...graph.input, ...graph.initializer].map((value) => value.name),
  ...graph.node.flatMap((node) => [
    ...node.output,
    ...node.attribute.flatMap((a) => [...(a.g ? [a.g] : []), ...(a.graphs ?? [])].flatMap(namesOf)),
  ]),
];

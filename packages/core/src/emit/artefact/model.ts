/** Forward and backward nodes as one model: what is needed of them, opsets, metadata. */
import type { Builder } from "../../graph/builder.ts";
import type { Facts } from "../../graph/facts.ts";
import type { Graph } from "../../graph/graph.ts";
import { renamed } from "../../graph/names.ts";
import { DataType, type ModelProto, type NodeProto, type ValueInfoProto } from "../../onnx/proto.ts";
import type { Ports } from "../ports.ts";
import { neededNodes, neededTensors } from "../prune.ts";
import type { Quantised } from "../quantised.ts";
import type { Layouts } from "../samples.ts";

const IR = { least: 8, most: 9 };

interface Parts {
  readonly graph: Graph;
  /** Nodes of the graph as they are written. */
  readonly forward: readonly NodeProto[];
  readonly ports: Ports;
  /** The quantised model beside its floats, and the name of the explained output of the floats. */
  readonly exact: Quantised | undefined;
  readonly float: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the samples lie in values of the forward pass, where rows of the walk are the same samples. */
  readonly layouts?: Layouts | undefined;
}

export const modelOf = (source: ModelProto, { graph, forward, ports, exact, float, metadata, layouts }: Parts): ModelProto => {
  const { g } = ports;
  const nodes = exact
    ? withQuantised([...forward, ...g.nodes], exact, [...ports.outputs, ...graph.outputs, { name: float ?? "" }])
    : [...forward, ...neededNodes(g.nodes, ports.outputs)];
  const tensors = [...graph.initializers.values(), ...g.constants, ...(exact?.initializers ?? [])];
  const opsets = new Map([...(exact?.opsets ?? []), ...graph.opsets]);
  return {
    ...source,
    irVersion: Math.max(IR.least, source.irVersion > IR.most ? source.irVersion : Math.min(source.irVersion, IR.most)),
    opsetImport: [...opsets].map(([domain, version]) => ({ domain, version })),
    metadataProps: [...source.metadataProps, ...Object.entries(metadata).map(([key, value]) => ({ key, value }))],
    graph: {
      ...source.graph,
      node: nodes,
      initializer: neededTensors(tensors, nodes, graph.outputs),
      input: [...graph.inputs, ...ports.inputs],
      output: [...graph.outputs.map((output) => believed(output, g.facts)), ...ports.outputs],
      valueInfo: layouts === undefined ? [] : declaredIn(ports.g, graph, layouts),
    },
  };
};

/** Both models' nodes, what no output needs left out. */
const withQuantised = (floats: readonly NodeProto[], exact: Quantised, outputs: readonly ValueInfoProto[]): NodeProto[] => {
  const now = (name: string) => exact.moved.get(name) ?? name;
  return neededNodes(
    [...exact.nodes, ...floats].map((node) => renamed(node, now)),
    outputs,
  );
};

/** Some files declare another rank than their output has; the runtime would take it at its word in what is added here. */
const believed = (output: ValueInfoProto, facts: Facts): ValueInfoProto => {
  const declared = output.type?.tensorType;
  const traced = facts.shape(output.name);
  if (declared?.shape === undefined || traced === undefined || traced.length === declared.shape.length) return output;
  return { ...output, type: { ...output.type, tensorType: { elemType: declared.elemType } } };
};

/**
 * Sizes that the runtime does not find by itself, where the batch has a name (graph/builder.ts): maps of equal names are equal to it, and may
 * be added and multiplied within its blocked layout.
 */
const declaredIn = ({ declared }: Builder, { inputs }: Graph, layouts: Layouts): ValueInfoProto[] => {
  const batch = (value: string): string | undefined => {
    const along = layouts.of.get(value);
    return along !== undefined && along.axis === 0 && along.outer === 1 && along.inner === 1 ? named : undefined;
  };
  const names = inputs.map(({ name, type }) => type?.tensorType?.shape?.[layouts.of.get(name)?.axis ?? -1]?.param);
  const named = new Set(names.filter(Boolean)).size === 1 ? names.find(Boolean) : undefined;
  return [...declared].flatMap(([name, { batchOf, sizes }]) => {
    const param = batch(batchOf);
    if (param === undefined) return [];
    const shape = [{ param }, ...sizes.map((value) => ({ value }))];
    return [{ name, type: { tensorType: { elemType: DataType.FLOAT, shape } } }];
  });
};

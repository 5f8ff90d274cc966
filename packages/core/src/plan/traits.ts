/** What the choice of `auto` depends on, read from the lowered graph. */
import { CONVOLUTION, type InputKind, type Traits } from "../composites/index.ts";
import { constantValues, type TraceFacts } from "../graph/facts.ts";
import { type Graph, type GraphNode, opName, valuesRead } from "../graph/graph.ts";
import { producersOf } from "../graph/producers.ts";
import type { TracedModel } from "../graph/traced-model.ts";
import { grouped } from "../numeric/grouped.ts";
import { getInts } from "../onnx/attributes.ts";
import { DataType } from "../onnx/proto.ts";
import { readInts } from "../onnx/tensors.ts";
import { hasLikelihoods, type Reading } from "../reading/index.ts";
import { attentionShare } from "./attention-share.ts";
import { isDepthwise } from "./depthwise.ts";
import { gateValues } from "./gates.ts";
import { downstream, type WeightedLayer, weightedLayers } from "./layers.ts";

export interface TraitsGiven {
  readonly facts: TraceFacts;
  readonly reading?: Pick<Reading, "axes">;
  /** The input's preprocessing is that of pictures. */
  readonly pixels?: boolean;
  /** Names of what is explained, where somebody says. */
  readonly explain?: readonly string[];
}

/** What `auto` asks of a model: convolutions, attention, recurrence, what its inputs are. Read from the graph and its facts. */
export const traitsOf = (traced: TracedModel, asked: Omit<TraitsGiven, "facts"> = {}): Traits => {
  const { graph, facts } = traced;
  const given = { ...asked, facts };
  const layers = weightedLayers(graph);
  const products = softmaxProducts(graph);
  const recurrent = recurrentLayers(graph, layers);
  const input = inputKind(graph, given);
  const convolutions = layers.filter(({ node }) => (CONVOLUTION as readonly string[]).includes(opName(node)));
  return {
    ops: new Set(graph.nodes.map(opName)),
    attention: products.length > 0,
    attentionShare: attentionShare(graph, layers, products, recurrent),
    convolutions: new Set(convolutions.map((layer) => axesOf(layer, given)).filter((axes) => axes > 0)),
    depthwise: convolutions.some(({ node, data }) => isDepthwise(node, given.facts.shapes.get(data)?.[1])),
    layerNorm: layerNorm(graph, given),
    recurrent: recurrent.size > 0,
    likelihoods: products.length + convolutions.length === 0 && hasLikelihoods(graph, traced.ownFacts()),
    ...(input !== undefined && { input }),
  };
};

/** Matrix products of a softmax's results and another value. */
const softmaxProducts = (graph: Graph): readonly GraphNode[] => {
  const constant = constantValues(graph);
  const weights = gateValues(graph, new Set(["Softmax"]));
  const fixed = (name: string) => constant.has(name) || graph.initializers.has(name);
  return graph.nodes.filter(
    (node) =>
      ["MatMul", "Einsum"].includes(opName(node)) &&
      node.input.some((name) => weights.has(name)) &&
      valuesRead(node).every((name) => !fixed(name)),
  );
};

/** Layers one of whose weights is applied to what it made itself. */
const recurrentLayers = (graph: Graph, layers: readonly WeightedLayer[]): ReadonlySet<WeightedLayer> => {
  const users = grouped(layers.flatMap((layer) => layer.tensors.map((name) => [name, layer] as const)));
  const found = new Set<WeightedLayer>();
  for (const [first, ...others] of users.values()) {
    if (first === undefined || others.length === 0 || found.has(first)) continue;
    const behind = downstream(graph, first.node.output);
    if (others.some(({ data }) => behind.has(data))) for (const layer of [first, ...others]) found.add(layer);
  }
  return found;
};

/** Axes of the map that are longer than 1: a series written as a picture of height 1 has one. */
const axesOf = ({ data, node }: WeightedLayer, { facts }: TraitsGiven): number => {
  const sides = facts.shapes.get(data)?.slice(2);
  return sides?.filter((d) => d !== 1).length ?? getInts(node, "kernel_shape")?.length ?? 0;
};

/** LayerNormalization, or x less its mean over the last or the channel axis, wherever that leads. */
const layerNorm = (graph: Graph, { facts }: TraitsGiven): boolean => {
  const producer = producersOf(graph.nodes);
  return graph.nodes.some((node) => {
    if (opName(node) === "LayerNormalization") return true;
    const mean = opName(node) === "Sub" ? producer.get(node.input[1]!) : undefined;
    if (mean === undefined || opName(mean) !== "ReduceMean" || mean.input[0] !== node.input[0]) return false;
    const axes = getInts(mean, "axes") ?? numbersOf(graph, mean.input[1]);
    const rank = facts.shapes.get(node.input[0]!)?.length ?? 0;
    return axes?.length === 1 && rank > 2 && [1, rank - 1].includes((axes[0]! + rank) % rank);
  });
};

const numbersOf = ({ initializers }: Graph, name: string | undefined): readonly number[] | undefined => {
  const tensor = name === undefined ? undefined : initializers.get(name);
  return tensor?.dataType === DataType.INT64 ? readInts(tensor) : undefined;
};

/** A picture without a channel axis: as high as wide, and no handful of values. */
const isSquare = ([, height, width]: readonly (number | null)[]) => height !== null && height === width && height! >= 8;

const SPACE = new Set(["height", "width", "depth"]);

const inputKind = (graph: Graph, { facts, reading, pixels, explain }: TraitsGiven): InputKind | undefined => {
  const wholes = graph.inputs.filter(({ name }) => explain?.includes(name) ?? true);
  const floats = wholes.filter((input) => input.type?.tensorType?.elemType === DataType.FLOAT);
  const [input] = floats;
  if (input === undefined) return wholes.length > 0 ? "tokens" : undefined;
  const roles = reading?.axes.of(input.name)?.map(({ role }) => role) ?? [];
  const shape = facts.shapes.get(input.name) ?? [];
  if (roles.filter((role) => SPACE.has(role)).length > 1) return "picture";
  if (roles.includes("token")) return "tokens";
  if (roles.includes("time")) return "series";
  if (roles.includes("feature") && !roles.includes("node")) return "table";
  if (shape.length >= 4) return "picture";
  if (shape.length === 3) return pixels || isSquare(shape) ? "picture" : "series";
  // Members of a bag and nodes of a graph are no rows of a table.
  return shape.length === 2 && !roles.includes("node") ? "table" : undefined;
};

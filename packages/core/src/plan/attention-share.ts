/**
 * How much of a network works for attention, a product whose weights are a softmax. Its layers are the nearest ones before and behind the
 * product; of those that read the same value (queries, keys and values) one counts. Against them stand convolutions and recurrent layers;
 * dense layers behind a product go with it. A stem, the layers before all products, does not count where it is short and no further convolutions
 * follow.
 */

import { CONVOLUTION } from "../composites/index.ts";
import { behind } from "../graph/behind.ts";
import { type Graph, type GraphNode, opName } from "../graph/graph.ts";
import { producersOf } from "../graph/producers.ts";
import { append } from "../numeric/extremes.ts";
import { grouped } from "../numeric/grouped.ts";
import { downstream, type WeightedLayer } from "./layers.ts";

/** Convolutions of a stem at most. */
const STEM = 8;
/** Between a layer and the product it works for, none of these stands: what lies beyond is another block. */
const ENDS = new Set(
  "Relu LeakyRelu PRelu Clip Elu Selu Gelu Erf HardSwish Sigmoid HardSigmoid Softplus Tanh Add Sub Mul Sum".split(" "),
);

export const attentionShare = (
  graph: Graph,
  layers: readonly WeightedLayer[],
  products: readonly GraphNode[],
  recurrent: ReadonlySet<WeightedLayer>,
): number => {
  if (products.length === 0) return 0;
  const near = nearLayers(graph, layers, products);
  const behind = downstream(
    graph,
    products.flatMap(({ output }) => output),
  );
  const rest = distinct(layers.filter((layer) => !near.has(layer)));
  const follows = ({ data }: WeightedLayer) => behind.has(data);
  const isConvolution = ({ node }: WeightedLayer) => (CONVOLUTION as readonly string[]).includes(opName(node));
  const ends = lastLayers(graph, layers);
  const between = rest.filter((layer) => recurrent.has(layer) || (follows(layer) && isConvolution(layer) && !ends.has(layer)));
  const stem = rest.filter((layer) => !follows(layer) && !recurrent.has(layer));
  const blocks = distinct([...near, ...rest.filter((layer) => follows(layer) && !ends.has(layer))]).length;
  const short = between.length === 0 && stem.length <= Math.min(STEM, blocks);
  const others = short ? between : [...between, ...stem];
  const own = readings(graph, [...near]);
  return own === 0 ? 0 : own / (own + readings(graph, others));
};

/** One of all that have the same weights. */
const distinct = (layers: readonly WeightedLayer[]): readonly WeightedLayer[] => {
  const seen = new Set<string>();
  return layers.filter(({ tensors }) => {
    const key = tensors.join();
    return !seen.has(key) && seen.add(key);
  });
};

/** How many values they read, whatever only moves or rescales them left out. */
const readings = (graph: Graph, layers: readonly WeightedLayer[]): number => {
  const producer = producersOf(graph.nodes);
  const MOVES = new Set(["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Identity", "Cast", "Dropout"]);
  const source = (name: string): string => {
    return behind(
      name,
      (value) => producer.get(value),
      (node) => MOVES.has(opName(node)),
    );
  };
  return new Set(distinct(layers).map(({ data }) => source(data))).size;
};

const nearLayers = (
  graph: Graph,
  layers: readonly WeightedLayer[],
  products: readonly GraphNode[],
): ReadonlySet<WeightedLayer> => {
  const layerOf = new Map(layers.map((layer) => [layer.node, layer]));
  const producer = producersOf(graph.nodes);
  const readers = grouped(graph.nodes.flatMap((node) => node.input.map((name) => [name, node] as const)));
  const varying = new Set(
    downstream(
      graph,
      graph.inputs.map(({ name }) => name),
    ),
  );
  const ends = (node: GraphNode) =>
    ENDS.has(opName(node)) && (node.input.length < 2 || node.input.filter((name) => varying.has(name)).length > 1);
  const found = new Set<WeightedLayer>();
  const seen = new Set<GraphNode>();
  const follow = (start: GraphNode, next: (node: GraphNode) => readonly GraphNode[]) => {
    const queue = [...next(start)];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (seen.has(node)) continue;
      const layer = layerOf.get(node);
      if (layer !== undefined) found.add(layer);
      else if (!ends(node)) {
        seen.add(node);
        append(queue, next(node));
      }
    }
  };
  for (const product of products) follow(product, (node) => node.input.flatMap((name) => producer.get(name) ?? []));
  seen.clear();
  for (const product of products) follow(product, (node) => node.output.flatMap((name) => readers.get(name) ?? []));
  return found;
};

/** Layers no other one lies behind: heads. */
const lastLayers = (graph: Graph, layers: readonly WeightedLayer[]): ReadonlySet<WeightedLayer> => {
  const read = new Set(layers.map(({ node }) => node));
  const ahead = new Set<string>(); // values a layer lies behind
  const last = new Set<GraphNode>();
  for (const node of [...graph.nodes].reverse()) {
    const before = node.output.some((name) => ahead.has(name));
    if (read.has(node) && !before) last.add(node);
    if (read.has(node) || before) for (const name of node.input) ahead.add(name);
  }
  return new Set(layers.filter(({ node }) => last.has(node)));
};

/** Which operator of the file gives each output, moves aside: a regressor says what a layer and an addition no longer say. */
import { opName } from "../graph/graph.ts";
import type { GraphProto } from "../onnx/proto.ts";
import { MOVES } from "./moves.ts";

export const sourcesOf = (graph: GraphProto): ReadonlyMap<string, string> => {
  const producer = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const found = new Map<string, string>();
  for (const { name } of graph.output) {
    let node = producer.get(name);
    while (node !== undefined && MOVES.has(opName(node))) node = producer.get(node.input[0]!);
    // A ZipMap is explained by the tensor before it, which goes by that name, too.
    for (const alias of [name, producer.get(name)?.opType === "ZipMap" ? producer.get(name)!.input[0]! : name])
      if (node !== undefined) found.set(alias, opName(node));
  }
  return found;
};

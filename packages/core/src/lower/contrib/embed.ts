/** com.microsoft.EmbedLayerNormalization: word + position + segment vectors, normalized. */
import { type Builder, float } from "../../graph/builder.ts";
import type { Facts } from "../../graph/facts.ts";
import { getFloat } from "../../onnx/attributes.ts";
import { DataType } from "../../onnx/proto.ts";
import { input, plus, size } from "../parts.ts";
import type { Expansion } from "../pass.ts";

export interface Embedding {
  readonly ids: string;
  readonly word: string;
  readonly position: string;
  readonly segment?: readonly [ids: string, table: string] | undefined;
  readonly positions?: string | undefined;
}

/** Without positions, row i is for the i-th token. */
export const embed = (g: Builder, facts: Facts, { ids, word, position, segment, positions }: Embedding): string => {
  const look = (table: string, at: string) => g.op("Gather", [table, at], { axis: 0 });
  const place =
    positions === undefined
      ? g.op("Slice", [position, g.ints([0]), size(g, facts, ids, 1), g.ints([0])])
      : look(position, positions);
  return plus(g, g.add(look(word, ids), place), segment && look(segment[1], segment[0]));
};

/** Number of tokens that are no padding, int32 [batch]; zeros without a mask. */
export const tokenCount = (g: Builder, ids: string, mask: string | undefined): string =>
  g.op("ReduceSum", [mask ?? g.op("Cast", [g.op("Sub", [ids, ids])], { to: DataType.INT32 }), g.ints([1])], { keepdims: 0 });

export const EmbedLayerNormalization: Expansion = (node, { g, facts }) => {
  const [ids, segmentIds, word, position, segmentTable, gamma, beta, mask, positions] = Array.from({ length: 9 }, (_, i) =>
    input(node, i),
  );
  const segment = segmentIds === undefined || segmentTable === undefined ? undefined : ([segmentIds, segmentTable] as const);
  const sum = embed(g, facts, { ids: ids!, word: word!, position: position!, segment, positions });
  const epsilon = float(getFloat(node, "epsilon", 1e-12));
  return [g.op("LayerNormalization", [sum, gamma!, beta!], { axis: -1, epsilon }), tokenCount(g, ids!, mask), sum];
};

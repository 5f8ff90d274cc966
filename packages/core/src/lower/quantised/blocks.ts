/** Whole blocks with quantised weights: attention, embeddings, tables, LSTM. */
import { float } from "../../graph/builder.ts";
import { getFloat, getInt } from "../../onnx/attributes.ts";
import { DataType } from "../../onnx/proto.ts";
import { selfAttention } from "../contrib/attention.ts";
import { embed, tokenCount } from "../contrib/embed.ts";
import { unpackBits } from "../contrib/packed.ts";
import { input, trimmed, wants } from "../parts.ts";
import type { Handler, Handlers } from "./handler.ts";
import { operandAt } from "./linear.ts";

/** x (0), W (1), bias (2), their scales (3, 4), mask (5), their zero points (6, 7), past (8). */
const QAttention: Handler = (node, realm) => {
  const { g, facts } = realm;
  const columns = facts.shape(node.input[1]!)?.[1];
  if (typeof columns !== "number") return false;
  const real = operandAt(realm, node, [0, 3, 6]);
  const weight = operandAt(realm, node, [1, 4, 7], 1);
  facts.add(real, facts.shapeOf(node.input[0]!), false);
  const projected = g.add(g.op("MatMul", [real, weight]), node.input[2]!);
  const third = columns / 3;
  const widths = [third, third, third] as const;
  const made = selfAttention(node, realm, { projected, widths, x: real, mask: input(node, 5), past: input(node, 8) });
  if (made === undefined) return false;
  made.forEach((value, i) => {
    if (wants(node, i)) realm.give(node.output[i]!, value);
  });
  return true;
};

/** Tables, gamma and beta (2–6) with scales (8–12) and zero points (13–17). */
const QEmbedLayerNormalization: Handler = (node, realm) => {
  const { g, facts } = realm;
  const table = (i: number) => operandAt(realm, node, [i, i + 6, i + 11]);
  const [ids, segments] = [node.input[0]!, input(node, 1)];
  const segment = segments === undefined ? undefined : ([segments, table(4)] as const);
  const sum = embed(g, facts, { ids, word: table(2), position: table(3), segment });
  const epsilon = float(getFloat(node, "epsilon", 1e-12));
  realm.give(node.output[0]!, g.op("LayerNormalization", [sum, table(5), table(6)], { axis: -1, epsilon }));
  if (wants(node, 1)) realm.give(node.output[1]!, tokenCount(g, ids, input(node, 7)));
  return true;
};

/**
 * A table in blocks along an axis, data (0), rows looked up (1), scales (2), zero points (3): the floats, looked up. Bytes hold one to
 * four numbers each along the last axis, around the middle of their range where no zero points are given.
 */
const GatherBlockQuantized: Handler = (node, realm) => {
  const { g, facts } = realm;
  const [data, indices, scale] = node.input as [string, string, string];
  const zero = input(node, 3);
  const axis = getInt(node, "quantize_axis", 1);
  const block = getInt(node, "block_size", 128);
  const type = realm.typeOf(data) ?? DataType.UINT8;
  const look = (table: string): true => {
    realm.give(node.output[0]!, g.op("Gather", [table, indices], { axis: getInt(node, "gather_axis", 0) }));
    return true;
  };
  if (type !== DataType.UINT8)
    return look(realm.real(data, realm.code(scale, zero, { axis, block, type: zero === undefined ? type : 0 })));
  const bits = getInt(node, "bits", 4);
  const [rows, bytes] = facts.shape(data) as [number, number];
  if (facts.shape(data)?.length !== 2 || (axis !== 1 && axis !== -1)) return false;
  const unpacked = (x: string, width: number): string => {
    const all = unpackBits(g, x, bits, rows);
    facts.add(all, [rows, width]);
    return all;
  };
  const width = (bytes * 8) / bits;
  const q = unpacked(data, width);
  const blocks = facts.shape(scale)![1]!;
  const zeros = zero && g.op("Slice", [unpacked(zero, blocks), g.ints([0]), g.ints([blocks]), g.ints([1])]);
  const spread = (x: string) => realm.spread(x, q, { axis, block, scale });
  return look(g.mul(g.sub(q, zeros === undefined ? g.floats(2 ** (bits - 1)) : spread(zeros)), spread(scale)));
};

/** LSTM whose W (1) and R (2) are [directions, inputs, 4·hidden], with scales and zero points (8–11) for each direction or column. */
const DynamicQuantizeLSTM: Handler = (node, realm) => {
  const { g, facts } = realm;
  const matrix = (i: number, scale: number): string => {
    const rows = (facts.shape(node.input[scale]!)?.length ?? 1) === 1 ? [-1, 1, 1] : undefined;
    const spread = (x: string) => (rows ? g.op("Reshape", [x, g.ints(rows)]) : g.op("Unsqueeze", [x, g.ints([1])]));
    const units = g.sub(realm.units(node.input[i]!, undefined), spread(realm.zeroOf(realm.code("", node.input[scale + 1]!))));
    return g.transpose(g.mul(units, spread(node.input[scale]!)), [0, 2, 1]);
  };
  const inputs = [node.input[0]!, matrix(1, 8), matrix(2, 10), ...node.input.slice(3, 8)];
  const outputs = g.emit({ ...node, domain: "", opType: "LSTM", input: trimmed(inputs) }, node.output.length);
  node.output.forEach((name, i) => {
    if (name !== "") realm.give(name, outputs[i]!);
  });
  return true;
};

export const blocks: Handlers = {
  "com.microsoft.QAttention": QAttention,
  "com.microsoft.QEmbedLayerNormalization": QEmbedLayerNormalization,
  "com.microsoft.GatherBlockQuantized": GatherBlockQuantized,
  "com.microsoft.DynamicQuantizeLSTM": DynamicQuantizeLSTM,
};

/**
 * Models with more weights than protobuf holds: external data in a sparse file, of which only some kilobytes are numbers. The rest
 * reads as zeros and takes no room on the disk.
 */
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type AttributeProto,
  attr,
  DataType,
  encodeModelBytes,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
  withExternal,
} from "@backlit/core";
import { modelOf, node, value } from "./proto.ts";
import { Random } from "./random.ts";

const CLASSES = 10;
const WEIGHTS = "weights.bin";
const PAGE = 4096;

interface Weight {
  readonly name: string;
  readonly dims: readonly number[];
  /** The first of its numbers; the others are zero. */
  readonly values: Float32Array;
}

interface Net {
  readonly input: ValueInfoProto;
  readonly nodes: readonly NodeProto[];
  readonly weights: readonly Weight[];
}

/** A node called as its output. */
const made = (opType: string, input: readonly string[], output: string, ...attribute: AttributeProto[]): NodeProto =>
  node(opType, output, input, output, attribute);

/** x → dense layer → batch norm → ReLU → logits: its small numbers are external too, and the batch norm must merge all the same. */
const head = (x: string, from: number, random: Random): Pick<Net, "nodes" | "weights"> => ({
  nodes: [
    made("Gemm", [x, "fc.weight", "fc.bias"], "fc"),
    made("BatchNormalization", ["fc", "bn.scale", "bn.bias", "bn.mean", "bn.var"], "bn"),
    made("Relu", ["bn"], "relu"),
    made("Gemm", ["relu", "last.weight", "last.bias"], "logits"),
  ],
  weights: [
    { name: "fc.weight", dims: [from, 64], values: random.uniform(from * 64, 0.05) },
    ...["fc.bias", "bn.scale", "bn.bias", "bn.mean"].map((name) => ({ name, dims: [64], values: random.uniform(64, 0.2, 0.5) })),
    { name: "bn.var", dims: [64], values: random.uniform(64, 0.2, 1) },
    { name: "last.weight", dims: [64, CLASSES], values: random.uniform(64 * CLASSES, 0.3) },
    { name: "last.bias", dims: [CLASSES], values: random.uniform(CLASSES, 0.1) },
  ],
});

export const largeNets = {
  /** Tokens looked up in a table of 140,000 × 4096: the runtime maps it and touches what is looked up. */
  embedding: (): Net => {
    const random = new Random(140);
    const { nodes, weights } = head("pooled", 4096, random);
    return {
      input: value("ids", DataType.INT64, ["N", "T"]),
      nodes: [
        made("Gather", ["table", "ids"], "embedded"),
        made("ReduceMean", ["embedded"], "pooled", attr.ints("axes", [1]), attr.int("keepdims", 0)),
        ...nodes,
      ],
      weights: [{ name: "table", dims: [140_000, 4096], values: random.uniform(16 * 4096, 1) }, ...weights],
    };
  },
  /** One dense layer of 32,768 × 16,640: the runtime repacks it, and keeps a second form for the way back. */
  dense: (): Net => {
    const random = new Random(32);
    const { nodes, weights } = head("wide", 16_640, random);
    return {
      input: value("x", DataType.FLOAT, ["N", 32_768]),
      nodes: [made("MatMul", ["x", "wide.weight"], "wide"), ...nodes],
      weights: [{ name: "wide.weight", dims: [32_768, 16_640], values: random.uniform(16 * 16_640, 0.05) }, ...weights],
    };
  },
} as const;

/** Writes model.onnx and its weight file into a folder, which it makes. Resolves to the size of the weight file, bytes. */
export const writeLarge = async (folder: string, { input, nodes, weights }: Net): Promise<number> => {
  await mkdir(folder, { recursive: true });
  const file = await open(join(folder, WEIGHTS), "w");
  const initializer: TensorProto[] = [];
  let end = 0;
  for (const { name, dims, values } of weights) {
    const offset = Math.ceil(end / PAGE) * PAGE;
    const length = 4 * dims.reduce((a, b) => a * b, 1);
    await file.write(new Uint8Array(values.buffer), 0, values.byteLength, offset);
    initializer.push(withExternal({ name, dims, dataType: DataType.FLOAT }, WEIGHTS, offset, length));
    end = offset + length;
  }
  await file.truncate(end);
  await file.close();
  const output = [value("logits", DataType.FLOAT, ["N", CLASSES])];
  const model = modelOf({ name: "large", node: nodes, initializer, input: [input], output });
  await writeFile(join(folder, "model.onnx"), encodeModelBytes(model));
  return end;
};

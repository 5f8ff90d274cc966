/**
 * What numbers a model's pictures have where the model scales them itself: x · 1/255 or x / 127.5 − 1 right behind the input is made for
 * bytes (Keras' `Rescaling`), (x − 0.485) / 0.229 for 0..1 (a normalisation inside).
 */
import { type Graph, type GraphNode, graphOf, nodeLabel, opName } from "../graph/graph.ts";
import { isExternal } from "../onnx/external.ts";
import { DataType, type ModelProto } from "../onnx/proto.ts";
import { readFloats } from "../onnx/tensors.ts";

export interface OwnRange {
  readonly range: "0..255" | "0..1";
  /** The node that scales. */
  readonly node: string;
}

/** What leaves every number as it is. */
const STAYS = new Set(["Identity", "Cast", "Transpose", "Reshape", "Squeeze", "Unsqueeze"]);
const SCALES = new Set(["Mul", "Div", "Add", "Sub"]);
/** Times how much of the largest scale a range of length 1 is, so that it ends between 0.5 and 12: what nets are fed with. */
const [LEAST, MOST] = [0.5, 12];

/** Undefined where the model takes its input as it is, or makes something of it that is neither. */
export const ownRange = (model: ModelProto, input: string): OwnRange | undefined => {
  const graph = graphOf(model);
  let [factor, shift] = [1, 0];
  let node: string | undefined;
  for (let value = input; ; ) {
    const readers = graph.nodes.filter((reader) => reader.input.includes(value) && opName(reader) !== "Shape");
    const [reader] = readers;
    const by = reader && readers.length === 1 ? stepOf(graph, reader, value) : undefined;
    if (by === undefined) break;
    [factor, shift] = [factor * by.factor, shift * by.factor + by.shift];
    if (by.factor !== 1 || by.shift !== 0) node ??= nodeLabel(reader!);
    value = reader!.output[0]!;
  }
  if (node === undefined) return undefined;
  const size = Math.abs(factor);
  // Only moved, the size of the shift says of what: a mean of bytes, or one of 0..1.
  if (size === 1) return { range: Math.abs(shift) > 1 ? "0..255" : "0..1", node };
  if (255 * size >= LEAST && 255 * size <= MOST) return { range: "0..255", node };
  return size > 1 && size <= MOST ? { range: "0..1", node } : undefined;
};

/** y = factor · x + shift of a node, the means over its channels. */
const stepOf = (graph: Graph, node: GraphNode, value: string): { factor: number; shift: number } | undefined => {
  const name = opName(node);
  if (STAYS.has(name)) return node.input[0] === value ? { factor: 1, shift: 0 } : undefined;
  if (!SCALES.has(name)) return undefined;
  const [first, second] = node.input as [string, string];
  const by = meanOf(graph, first === value ? second : first);
  if (by === undefined || (first !== value && name === "Div")) return undefined;
  if (name === "Mul") return { factor: by, shift: 0 };
  if (name === "Div") return { factor: 1 / by, shift: 0 };
  if (name === "Add") return { factor: 1, shift: by };
  return first === value ? { factor: 1, shift: 0 - by } : { factor: -1, shift: by };
};

/** Of one number, or one a channel. */
const meanOf = ({ initializers }: Graph, name: string): number | undefined => {
  const tensor = initializers.get(name);
  if (tensor === undefined || tensor.dataType !== DataType.FLOAT || isExternal(tensor)) return undefined;
  const size = tensor.dims.reduce((product, dim) => product * Number(dim), 1);
  if (size !== 1 && size !== 3) return undefined;
  return Array.from(readFloats(tensor)).reduce((sum, one) => sum + one, 0) / size;
};

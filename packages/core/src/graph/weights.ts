/**
 * Weights that are NaN: one is enough to make every result it reaches NaN, or, behind a ReLU, to silence a unit without a word. Looked
 * for once, when a model is loaded: a pass over the bytes (some 10 ms for 18 MB), in pieces, so that nothing large is copied. A single
 * NaN that is a value of its own stays: it may stand for "missing". Weights in files beside the model are not read.
 */
import { fail } from "../errors.ts";
import { isExternal } from "../onnx/external.ts";
import { DataType, type GraphProto, type TensorProto } from "../onnx/proto.ts";
import { dataTypeName } from "../onnx/types.ts";
import { constantTensor, graphsOf } from "./graph.ts";

/** Errors: BadModel, naming the tensor and the element. */
export const checkWeights = (graph: GraphProto): void => {
  for (const tensor of graph.initializer) check(tensor, tensor.name);
  for (const node of graph.node) {
    const held = constantTensor(node);
    if (held !== undefined) check(held, node.output[0] ?? "");
    graphsOf(node).forEach(checkWeights);
  }
};

const check = (tensor: TensorProto, name: string): void => {
  const at = firstNaN(tensor);
  if (at < 0 || (at === 0 && tensor.dims.every((dim) => dim === 1))) return;
  throw fail("BadModel", {
    what: "a weight is NaN",
    where: `'${name}' ${dataTypeName(tensor.dataType)}[${tensor.dims}], element ${at}`,
    why: "what is computed from it means nothing",
    fix: "train or export the model again",
  });
};

type Patterns = Float32Array | Float64Array | Uint16Array;
const TYPES: Readonly<Record<number, { array: new (buffer: ArrayBuffer) => Patterns; isNaN?: number }>> = {
  [DataType.FLOAT]: { array: Float32Array },
  [DataType.DOUBLE]: { array: Float64Array },
  [DataType.FLOAT16]: { array: Uint16Array, isNaN: 0x7c00 },
  [DataType.BFLOAT16]: { array: Uint16Array, isNaN: 0x7f80 },
};
/** Bytes looked at in one go. */
const PIECE = 2 ** 18;

/** Position of the first NaN, −1 where there is none. */
const firstNaN = (tensor: TensorProto): number => {
  const type = TYPES[tensor.dataType];
  if (type === undefined || isExternal(tensor)) return -1;
  const { rawData, floatData, doubleData } = tensor;
  if (rawData === undefined) return [...(floatData ?? doubleData ?? [])].findIndex(Number.isNaN);
  const size = type.isNaN !== undefined ? 2 : tensor.dataType === DataType.DOUBLE ? 8 : 4;
  const whole = rawData.length - (rawData.length % size);
  for (let start = 0; start < whole; start += PIECE) {
    const piece = rawData.slice(start, Math.min(start + PIECE, whole)); // aligned
    const at = indexOfNaN(new type.array(piece.buffer as ArrayBuffer), type.isNaN);
    if (at >= 0) return start / size + at;
  }
  return -1;
};

/** Half floats are given by their bits: all of the exponent's set, and some of the fraction's. */
const indexOfNaN = (values: Patterns, infinity: number | undefined): number => {
  if (infinity !== undefined) return values.findIndex((bits) => (bits & 0x7fff) > infinity);
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) return i;
  return -1;
};

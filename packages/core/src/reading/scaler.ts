/**
 * The row that a model's own scaler maps to zero: (x − c) · s right behind the input, or the running means of a BatchNormalization there.
 * A scale before its shift tells nothing: what it maps to zero is as often the least value of each column as their mean.
 */
import { type Graph, type GraphNode, nodeLabel, opName } from "../graph/graph.ts";
import type { ExternalData } from "../onnx/external.ts";
import { DataType } from "../onnx/proto.ts";
import { readFloats } from "../onnx/tensors.ts";

export interface Centre {
  /** One number for all columns, or one each. */
  readonly values: readonly number[];
  /** What the columns are there: a batch norm's running means, or what is scaled to zero. */
  readonly is: "mean" | "zero";
  /** The node it stands in. */
  readonly node: string;
}

/** What leaves every number where it is in the row. */
const STAYS = new Set(["Identity", "Cast", "Flatten", "Reshape", "Squeeze", "Unsqueeze"]);
/** What looks at an input without taking its numbers: missing values that are filled in. */
const ASIDE = new Set(["Shape", "Size", "IsNaN", "Equal"]);

export interface Scaled {
  readonly graph: Graph;
  /** Numbers in a row of the input. */
  readonly columns: number;
  /** Weights in files of their own. */
  readonly external?: ExternalData | undefined;
}

/** Undefined where there is no scaler, or one of part of the columns only. */
export const centreOf = (scaled: Scaled, input: string): Centre | undefined => {
  const { graph } = scaled;
  for (let value = input; ; ) {
    const readers = graph.nodes.filter((node) => node.input.includes(value) && !ASIDE.has(opName(node)));
    const [node] = readers;
    if (node === undefined || readers.length > 1) return undefined;
    const filled = opName(node) === "Where" && node.input[0] !== value;
    if (!STAYS.has(opName(node)) && !filled) return centreAt(scaled, node, value);
    value = node.output[0]!;
  }
};

const centreAt = (scaled: Scaled, node: GraphNode, value: string): Centre | undefined => {
  const { columns } = scaled;
  const values = centreIn(scaled, node, value);
  const fits = values !== undefined && (values.length === 1 || values.length === columns) && values.every(Number.isFinite);
  return fits ? { values, is: opName(node) === "BatchNormalization" ? "mean" : "zero", node: nodeLabel(node) } : undefined;
};

const centreIn = (scaled: Scaled, node: GraphNode, value: string): readonly number[] | undefined => {
  const [first, second] = node.input as [string, string];
  switch (opName(node)) {
    case "BatchNormalization":
      return numbersOf(scaled, node.input[3]);
    case "Sub":
      return first === value ? numbersOf(scaled, second) : undefined;
    case "Add": {
      const shift = numbersOf(scaled, first === value ? second : first);
      // Alone it may be anything, a bias for one.
      return isScaled(scaled.graph, node.output[0]!) ? shift?.map((v) => 0 - v) : undefined;
    }
    default:
      return undefined;
  }
};

/** Something constant is all it is multiplied or divided by. */
const isScaled = (graph: Graph, value: string): boolean => {
  const readers = graph.nodes.filter((node) => node.input.includes(value));
  return (
    readers.length === 1 &&
    ["Mul", "Div"].includes(opName(readers[0]!)) &&
    readers[0]!.input.some((name) => graph.initializers.has(name))
  );
};

/** A row of constants: all its axes but the last are 1. */
const numbersOf = ({ graph, external }: Scaled, name: string | undefined): readonly number[] | undefined => {
  const tensor = name === undefined ? undefined : graph.initializers.get(name);
  if (tensor === undefined || tensor.dataType !== DataType.FLOAT || tensor.dims.slice(0, -1).some((d) => Number(d) !== 1))
    return undefined;
  return Array.from(readFloats(tensor, external));
};

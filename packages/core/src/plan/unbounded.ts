/**
 * Values that may be infinite or no number, from the ops that make them, never from a sample: a logarithm of what may be negative, a
 * quotient by what may be 0, scores a mask sets to −∞, a softmax over nothing but those. They do no harm forward where something
 * chooses other values or weighs them with 0, but backward 0 · ∞ is no number: what multiplies by them has to know (ops/guard.ts).
 */
import { type Facts, SMALL, sizeOf } from "../graph/facts.ts";
import { type Graph, opName } from "../graph/graph.ts";
import { KnownSigns, MOVES } from "../graph/known-signs.ts";
import { getAttribute, getFloat, getInt } from "../onnx/attributes.ts";
import { DataType, type NodeProto } from "../onnx/proto.ts";
import { readTensor } from "../onnx/tensors.ts";
import { isFloat } from "../reading/element-kinds.ts";

/** What a value may be besides a number. */
interface Flags {
  readonly infinite: boolean;
  readonly nan: boolean;
  /** Finite, but its slope need not be. */
  readonly steep?: boolean;
}
const FINITE: Flags = { infinite: false, nan: false };
const ANYTHING: Flags = { infinite: true, nan: true };

/** Results are truths, positions or sizes, whatever goes in. */
const COUNTS = new Set([
  ...["Shape", "Size", "ArgMax", "ArgMin", "NonZero", "IsNaN", "IsInf", "Not", "And", "Or", "Xor"],
  ...["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"],
]);
/** Level off: finite at ±∞. */
const LEVELS = new Set(["Sigmoid", "HardSigmoid", "Tanh", "Erf", "Atan"]);
const GROWS = new Set(["Exp", "Sinh", "Cosh"]);
/** Defined in some places only, and steep at their border. */
const BORDERED = new Set(["Asin", "Acos", "Acosh", "Atanh"]);
const ADDS = new Set(["Add", "Sub", "Sum", "Mean"]);
/** ∞ stays ∞, and makes no NaN. */
const KEEPS = new Set([
  ...MOVES,
  "Neg",
  "Abs",
  "Relu",
  "LeakyRelu",
  "PRelu",
  "Elu",
  "Celu",
  "Selu",
  "Softplus",
  "Max",
  "Min",
  "Trilu",
]);
/** Their constants are weights: too many numbers to look at. */
const LAYERS = new Set(["MatMul", "Gemm", "Conv", "ConvTranspose", "Einsum"]);
const FLOATS: readonly number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16];
/** A mask for 4,096 positions, say; weights are larger. */
const MOST = 2 ** 24;

export const unboundedValues = (graph: Graph, facts: Facts, explained: readonly string[]): Set<string> => {
  const flags = new Map<string, Flags>();
  const signs = new KnownSigns(facts);
  const producer = new Map<string, NodeProto>();
  for (const input of graph.inputs) if (isFloat(input)) flags.set(input.name, { infinite: true, nan: false });
  for (const name of explained) flags.set(name, FINITE);
  const of = (name: string, most = MOST): Flags => {
    const known = flags.get(name);
    if (known !== undefined || !facts.isConstant(name)) return known ?? FINITE;
    const found = numbersIn(name, facts, most);
    flags.set(name, found);
    return found;
  };
  for (const node of graph.nodes)
    for (const inner of node.body ?? [node]) {
      signs.see(inner);
      const found = judge(inner, { of, signs, facts, producer });
      for (const name of inner.output) {
        producer.set(name, inner);
        if (!explained.includes(name)) flags.set(name, found);
      }
    }
  return new Set([...flags].flatMap(([name, { infinite, nan, steep }]) => (infinite || nan || steep ? [name] : [])));
};

interface Known {
  /** `most`: constants of more numbers than this are not read. */
  of(name: string, most?: number): Flags;
  readonly signs: KnownSigns;
  readonly facts: Facts;
  readonly producer: ReadonlyMap<string, NodeProto>;
}

const judge = (node: NodeProto, { of, signs, facts, producer }: Known): Flags => {
  const op = opName(node);
  const [a = "", b = "", c = ""] = node.input;
  if (COUNTS.has(op)) return FINITE;
  if (op === "ConstantOfShape" || op === "Constant") return literal(node, facts);
  const each = carriers(node, op, facts).map((name) => of(name, MOVES.has(op) && op !== "Concat" ? SMALL : MOST));
  const nan = each.some((f) => f.nan);
  const infinite = each.some((f) => f.infinite);
  const same = { infinite, nan };
  if (KEEPS.has(op)) return same;
  if (GROWS.has(op)) return { infinite: true, nan };
  if (LEVELS.has(op)) return { infinite: false, nan };
  if (BORDERED.has(op)) return { infinite: infinite || op === "Atanh", nan: true, steep: true };
  if (ADDS.has(op)) return { infinite, nan: nan || each.filter((f) => f.infinite).length > 1 };
  switch (op) {
    case "Log":
    case "ReduceLogSum":
      return signs.positive(a) ? same : { infinite: true, nan: nan || !signs.nonnegative(a) };
    case "Sqrt":
      return { infinite, nan: nan || !signs.nonnegative(a), steep: !signs.positive(a) };
    case "Reciprocal":
      return { infinite: !signs.positive(a), nan };
    case "Div":
      return signs.nonzero(b) ? { infinite: of(a).infinite, nan: nan || (of(a).infinite && of(b).infinite) } : ANYTHING;
    case "Pow": {
      const exponents = facts.isConstant(b) ? facts.numbers(b) : undefined;
      if (exponents === undefined) return ANYTHING;
      if (signs.positive(a) || exponents.every((p) => Number.isInteger(p) && p > 0)) return same;
      return exponents.every((p) => p > 0) && signs.nonnegative(a) ? { ...same, steep: true } : ANYTHING;
    }
    case "Softmax":
    case "LogSoftmax":
      return { infinite: op === "LogSoftmax" && infinite, nan: nan || infinite };
    case "ReduceLogSumExp":
      return same;
    case "Clip": {
      const low = b ? facts.scalar(b) : getFloat(node, "min", -Infinity);
      const high = c ? facts.scalar(c) : getFloat(node, "max", Infinity);
      return { infinite: infinite && !(Number.isFinite(low) && Number.isFinite(high)), nan };
    }
    case "Where": {
      // The exporters' Where(IsNaN(p), 0, p)
      const test = producer.get(a);
      return { infinite, nan: test?.opType === "IsNaN" && test.input[0] === c ? of(b).nan : nan };
    }
    case "Mul":
      return { infinite, nan: nan || (infinite && ![a, b].some(signs.nonzero)) };
    case "Cast":
      return FLOATS.includes(getInt(node, "to", DataType.FLOAT)) ? same : FINITE;
    default:
      return { infinite, nan: nan || infinite };
  }
};

/** The inputs whose values go into the result: no conditions, no positions, no weights of layers. */
const carriers = (node: NodeProto, op: string, facts: Facts): readonly string[] => {
  const present = node.input.filter((name) => name !== "");
  if (op === "Where") return present.slice(1);
  if (LAYERS.has(op)) return present.filter((name) => !facts.isConstant(name));
  return MOVES.has(op) && op !== "Concat" ? present.slice(0, 1) : present;
};

const numbersIn = (name: string, facts: Facts, most: number): Flags => {
  const size = sizeOf(facts.shape(name) ?? [null]);
  const tensor = size === null || size > most ? undefined : facts.value(name);
  return tensor === undefined || tensor.type === "string" ? FINITE : ofNumbers(tensor.data as ArrayLike<number | bigint>);
};

const literal = (node: NodeProto, facts: Facts): Flags => {
  const tensor = getAttribute(node, "value")?.t;
  if (tensor === undefined) return numbersIn(node.output[0]!, facts, SMALL);
  const { data, type } = readTensor(tensor);
  return type === "string" ? FINITE : ofNumbers(data as ArrayLike<number | bigint>);
};

const ofNumbers = (numbers: ArrayLike<number | bigint>): Flags => {
  if (typeof numbers[0] !== "number") return FINITE;
  let flags = FINITE;
  for (let i = 0; i < numbers.length; i++)
    if (Number.isNaN(numbers[i])) return ANYTHING;
    else if (!Number.isFinite(numbers[i])) flags = { infinite: true, nan: false };
  return flags;
};

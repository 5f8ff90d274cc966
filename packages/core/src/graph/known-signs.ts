/** Values known to be positive or never negative from the nodes that make them, one by one: finer than roles, which know no x·x and no x + ε. */
import { getFloat } from "../onnx/attributes.ts";
import type { NodeProto } from "../onnx/proto.ts";
import { type Facts, SMALL, sizeOf } from "./facts.ts";
import { opName } from "./graph.ts";

/** Give their input's values, or some of them, perhaps elsewhere. */
export const MOVES: ReadonlySet<string> = new Set([
  ...["Identity", "Dropout", "CastLike", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Expand", "Tile", "Slice"],
  ...["Gather", "GatherElements", "GatherND", "Concat", "Split", "Compress", "DepthToSpace", "SpaceToDepth"],
  ...["ReduceMax", "ReduceMin", "GlobalMaxPool", "MaxPool", "TopK"],
]);
const NEVER_NEGATIVE = new Set([
  ...["Relu", "Abs", "Sigmoid", "HardSigmoid", "Softplus", "Exp", "Sqrt", "Acos", "Acosh", "Cosh", "Softmax"],
  ...["ReduceL1", "ReduceL2", "ReduceSumSquare", "LpPool", "GlobalLpPool"],
]);
const SUMS = new Set(["Add", "Sum", "Mean", "Mul", "ReduceSum", "ReduceMean", "AveragePool", "GlobalAveragePool", "ReduceProd"]);

export class KnownSigns {
  readonly #facts: Facts;
  readonly #positive = new Set<string>();
  readonly #nonnegative = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  positive = (name: string): boolean => this.#positive.has(name) || this.#all(name, (v) => v > 0);
  nonnegative = (name: string): boolean => this.positive(name) || this.#nonnegative.has(name) || this.#all(name, (v) => v >= 0);
  nonzero = (name: string): boolean => this.positive(name) || this.#all(name, (v) => v !== 0);

  /** Nodes in topological order. */
  see(node: NodeProto): void {
    const op = opName(node);
    const [a = "", b = ""] = node.input;
    // Positions and shapes are no values.
    const values =
      MOVES.has(op) && op !== "Concat" ? [a] : op.startsWith("Reduce") ? [a] : node.input.filter((name) => name !== "");
    const low = op === "Clip" ? (b ? this.#facts.scalar(b) : getFloat(node, "min", -Infinity)) : undefined;
    const exponents = op === "Pow" ? this.#small(b) : undefined;
    const square = (op === "Mul" && a === b) || exponents?.every((p) => p % 2 === 0) === true;
    const keeps = MOVES.has(op) || (SUMS.has(op) && !(op === "AveragePool"));
    const isPositive =
      (low ?? 0) > 0 ||
      op === "Cosh" ||
      (op === "Max" && values.some(this.positive)) ||
      (op === "Pow" && this.positive(a)) ||
      ((op === "Add" || op === "Sum") && values.every(this.nonnegative) && values.some(this.positive)) ||
      ((keeps || ["Div", "Sqrt", "Reciprocal"].includes(op)) && values.every(this.positive));
    const isNonnegative =
      square ||
      NEVER_NEGATIVE.has(op) ||
      low === 0 ||
      (op === "Max" && values.some(this.nonnegative)) ||
      (op === "Pow" && this.nonnegative(a)) ||
      (op === "Div" && this.nonnegative(a) && this.positive(b)) ||
      ((MOVES.has(op) || SUMS.has(op) || op === "Clip") &&
        values.slice(0, op === "Clip" ? 1 : undefined).every(this.nonnegative));
    for (const name of node.output) {
      if (isPositive) this.#positive.add(name);
      if (isNonnegative) this.#nonnegative.add(name);
    }
  }

  #all = (name: string, is: (v: number) => boolean): boolean => this.#small(name)?.every(is) === true;

  /** Numbers of a constant, where there are few. */
  #small(name: string): readonly number[] | undefined {
    if (!this.#facts.isConstant(name)) return undefined;
    const size = sizeOf(this.#facts.shape(name) ?? [null]);
    return size !== null && size <= SMALL ? this.#facts.numbers(name) : undefined;
  }
}

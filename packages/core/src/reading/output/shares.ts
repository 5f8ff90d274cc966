/** What a value is of a whole: numbers ≥ 0 over their sum along the classes, however it is written. */
import { type GraphNode, opName } from "../../graph/graph.ts";
import { getInt, getString } from "../../onnx/attributes.ts";
import type { Range, Values } from "./interval.ts";

/** Undefined where the node makes no shares. */
export const sharesOf = (node: GraphNode, values: Values, of: (value: string) => Range): Range | undefined => {
  const value = node.input[0]!;
  const { low, logits } = of(value);
  if (low < 0 || !divides(node, values)) return undefined;
  // exp(z) over its sum is a softmax of z.
  return { low: 0, high: 1, probability: true, exclusive: true, logits: logits || isExp(value, values) };
};

const divides = (node: GraphNode, values: Values): boolean => {
  const [value, divisor] = node.input as [string, string?];
  switch (opName(node)) {
    case "Div":
      return sumsOver(divisor!, value, values);
    case "LpNormalization":
      return getInt(node, "p", 2) === 1 && !overSamples(node, values);
    default:
      return getString(node, "norm", "MAX") === "L1";
  }
};

/** A share of all samples says nothing of classes: their number is free. */
const overSamples = (node: GraphNode, { facts }: Values): boolean =>
  facts.shape(node.input[0]!)?.at(getInt(node, "axis", -1)) === null;

const isExp = (value: string, { producer }: Values): boolean => producer(value)?.opType === "Exp";

/** Sizes of what is ≥ 0 are itself: scikit-learn's exporter writes |p|. */
const THROUGH = new Set(["Identity", "Cast", "Add", "Reshape", "Unsqueeze", "Squeeze", "Max", "Clip", "Expand", "Abs"]);
const DEEP = 5;

/** Whether `divisor` is the sum of `value` along an axis, constants that keep it from 0 aside. */
const sumsOver = (divisor: string, value: string, { producer, facts }: Values): boolean => {
  const before = (name: string, depth: number): string[] => {
    const node = producer(name);
    const inputs =
      node !== undefined && THROUGH.has(node.opType) && depth > 0
        ? node.input.filter((n) => n !== "" && !facts.isConstant(n))
        : [];
    return [name, ...inputs.flatMap((input) => before(input, depth - 1))];
  };
  const origins = new Set(before(value, DEEP));
  return before(divisor, DEEP).some((name) => {
    const node = producer(name);
    return (
      (node?.opType === "ReduceSum" || node?.opType === "ReduceL1") && before(node.input[0]!, DEEP).some((x) => origins.has(x))
    );
  });
};

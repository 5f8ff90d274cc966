/** Where a model's numbers stop being numbers: the first node that makes NaN of none, or, where no value is NaN, ∞ of numbers; and why. */
import { type Graph, type GraphNode, graphOf, nodeLabel, opName } from "../graph/graph.ts";
import { attr } from "../onnx/attributes.ts";
import { DataType, type ModelProto, type NodeProto } from "../onnx/proto.ts";
import { elementKinds } from "../reading/element-kinds.ts";
import type { Session } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What a value holds besides numbers. */
interface Odd {
  readonly nan: boolean;
  readonly infinite: boolean;
}

const NAMES = "backlit:odd:";

/** The model with two numbers for every float value instead of its outputs: is there NaN in it, is there ±∞. */
export const oddities = (model: ModelProto, shapes: ReadonlyMap<string, unknown>): ModelProto => {
  const graph = graphOf(model);
  const kinds = elementKinds(graph);
  const values = watchedIn(graph).filter((name) => kinds.get(name) === "float" && shapes.has(name));
  const node = (opType: string, input: string, output: string, attribute: NodeProto["attribute"] = []): NodeProto => ({
    opType,
    domain: "",
    name: output,
    input: [input],
    output: [output],
    attribute,
  });
  const asked = values.flatMap((value) => {
    const of = (what: string) => `${NAMES}${what}:${value}`;
    const float = [attr.int("to", DataType.FLOAT)];
    return [
      node("Cast", value, of("float"), float),
      ...["IsNaN", "IsInf"].flatMap((test) => [
        node(test, of("float"), of(`${test}?`)),
        node("Cast", of(`${test}?`), of(`${test}!`), float),
        node("ReduceMax", of(`${test}!`), of(test), [attr.int("keepdims", 0)]),
      ]),
    ];
  });
  const output = values.flatMap((value) => ["IsNaN", "IsInf"].map((test) => ({ name: `${NAMES}${test}:${value}` })));
  return { ...model, graph: { ...model.graph, node: [...model.graph.node, ...asked], output } };
};

const watchedIn = (graph: Graph): readonly string[] => [
  ...graph.inputs.map(({ name }) => name),
  ...graph.nodes.flatMap((node) => node.output.filter((name) => name !== "")),
];

/** In words: "Softmax 'attn' makes NaN: a row of scores that are all −∞". Undefined: everything is a number. */
export const brokenNode = async (
  model: ModelProto,
  session: Session,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<string | undefined> => {
  const out = await session.run(feeds);
  const flag = (test: string, name: string) => out[`${NAMES}${test}:${name}`]?.data[0] === 1;
  const odd = (name: string): Odd => ({ nan: flag("IsNaN", name), infinite: flag("IsInf", name) });
  const { nodes } = graphOf(model);
  const makes = (what: keyof Odd) =>
    nodes.find((node) => node.output.some((name) => odd(name)[what]) && !node.input.some((name) => odd(name)[what]));
  const first = makes("nan");
  if (first !== undefined) {
    const infinite = first.input.some((name) => odd(name).infinite);
    return `${opName(first)} '${nodeLabel(first)}' makes NaN: ${whyNaN(first, infinite)}`;
  }
  const grown = makes("infinite");
  return grown && `${opName(grown)} '${nodeLabel(grown)}' makes ∞: ${whyInfinite(grown)}`;
};

const whyNaN = ({ opType }: GraphNode, infinite: boolean): string => {
  switch (opType) {
    case "Softmax":
    case "LogSoftmax":
      return infinite ? "a row of scores that are all −∞ (every key is masked), or one that is +∞" : "its scores overflow";
    case "Log":
      return "the logarithm of a negative number";
    case "Sqrt":
      return "the root of a negative number";
    case "Pow":
      return "a power of a negative number";
    case "Div":
      return infinite ? "∞ over ∞" : "0 over 0";
    case "Add":
    case "Sub":
    case "Sum":
      return infinite ? "∞ minus ∞" : "a constant it adds is NaN";
    case "Asin":
    case "Acos":
    case "Acosh":
    case "Atanh":
      return "a value outside its domain";
    default:
      return infinite ? "0 times ∞, or ∞ minus ∞" : "its numbers overflow, or its weights are NaN";
  }
};

const whyInfinite = ({ opType }: GraphNode): string => {
  switch (opType) {
    case "Log":
      return "the logarithm of 0";
    case "Div":
    case "Reciprocal":
      return "a division by 0";
    case "Exp":
      return "the exponential of a number above 88";
    case "Where":
    case "Add":
      return "a constant that is infinite, a mask as a rule";
    default:
      return "its numbers overflow, or its weights are infinite";
  }
};

/** Deep graphs of tiny layers: what matters is their number of nodes alone. */
import { DataType, floatTensor, type ModelProto, type NodeProto, type TensorProto } from "@backlit/core";
import { modelOf, node, value } from "./proto.ts";
import { Random } from "./random.ts";

const WIDTH = 4;

export const chains = {
  /** MatMul, Add, Relu: one after another. */
  plain: (nodes: number): ModelProto => chain(nodes, false),
  /** The same, added to what came before: x + relu(x W + b). */
  residual: (nodes: number): ModelProto => chain(nodes, true),
} as const;

const chain = (count: number, residual: boolean): ModelProto => {
  const random = new Random(count);
  const nodes: NodeProto[] = [];
  const weights: TensorProto[] = [];
  const add = (opType: string, input: readonly string[]): string => {
    const output = `v${nodes.length}`;
    nodes.push(node(opType, `/${output}/${opType}`, input, output));
    return output;
  };
  let x = "input";
  for (let block = 0; nodes.length + (residual ? 4 : 3) <= count; block++) {
    weights.push(floatTensor(`w${block}`, [WIDTH, WIDTH], random.uniform(WIDTH * WIDTH, 0.5)));
    weights.push(floatTensor(`b${block}`, [WIDTH], random.uniform(WIDTH, 0.1, 0.05)));
    const y = add("Relu", [add("Add", [add("MatMul", [x, `w${block}`]), `b${block}`])]);
    x = residual ? add("Add", [x, y]) : y;
  }
  const row = (name: string) => value(name, DataType.FLOAT, ["N", WIDTH]);
  return modelOf({ name: "chain", node: nodes, initializer: weights, input: [row("input")], output: [row(x)] });
};

/** The shapes a trace would find. */
export const chainFacts = ({ graph }: ModelProto) => {
  const names = ["input", ...graph.node.flatMap((node) => node.output)];
  return {
    shapes: new Map(names.map((name) => [name, [null, WIDTH]])),
    values: new Map(),
    types: new Map([["input", DataType.FLOAT]]),
    notices: [],
  };
};

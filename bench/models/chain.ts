/** Deep graphs of tiny layers: what matters is their number of nodes alone. */
import { DataType, floatTensor, type ModelProto, type NodeProto, type TensorProto } from "@backlit/core";
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
    nodes.push({ opType, domain: "", name: `/${output}/${opType}`, input, output: [output], attribute: [] });
    return output;
  };
  let x = "input";
  for (let block = 0; nodes.length + (residual ? 4 : 3) <= count; block++) {
    weights.push(floatTensor(`w${block}`, [WIDTH, WIDTH], random.uniform(WIDTH * WIDTH, 0.5)));
    weights.push(floatTensor(`b${block}`, [WIDTH], random.uniform(WIDTH, 0.1, 0.05)));
    const y = add("Relu", [add("Add", [add("MatMul", [x, `w${block}`]), `b${block}`])]);
    x = residual ? add("Add", [x, y]) : y;
  }
  const value = (name: string) => ({
    name,
    type: { tensorType: { elemType: DataType.FLOAT, shape: [{ param: "N" }, { value: WIDTH }] } },
  });
  return {
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    metadataProps: [],
    functions: [],
    graph: {
      name: "chain",
      node: nodes,
      initializer: weights,
      sparseInitializer: [],
      input: [value("input")],
      output: [value(x)],
      valueInfo: [],
    },
  };
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

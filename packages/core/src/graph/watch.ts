/**
 * What tracing looks at: the model with other outputs, namely the shapes of some values, the numbers of others, and how often
 * each loop ran. A loop is counted by stacking its iteration numbers: one more scan output, whose length is the count.
 */
import { attr, getGraph } from "../onnx/attributes.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { DataType, type GraphProto, type ModelProto, type NodeProto } from "../onnx/proto.ts";
import { filesOf, type ModelSource, pointingInto } from "../onnx/source.ts";
import { intTensor } from "../onnx/tensors.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { namesOf, nodesOf } from "./graph.ts";

export interface Watched {
  /** Values whose shape is wanted. */
  readonly shapes: readonly string[];
  /** Values whose numbers are wanted, and with them their shape. */
  readonly values: readonly string[];
}

export interface Seen {
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly values: ReadonlyMap<string, Tensor>;
}

/** The name under which the number of a loop's iterations is watched: a value of that length. */
export const tripsOf = (loop: Pick<NodeProto, "output">): string => `trips:${loop.output.find((name) => name !== "")}`;

/** A session of the model that shows these values; what is no tensor must not be among them. */
export const watch = async (
  model: ModelProto,
  runtime: Runtime,
  source: ModelSource,
  { shapes, values }: Watched,
): Promise<{ readonly session: Session; see(feeds: Readonly<Record<string, Tensor>>): Promise<Seen> }> => {
  const counted = new Set(shapes);
  const nodes = model.graph.node.map((node) =>
    node.opType === "Loop" && counted.has(tripsOf(node)) ? counting(node) : forgiving(node),
  );
  const prefix = unlike([...namesOf(model.graph), ...nodesOf(model.graph).map((node) => node.name)], "shape:");
  const shape = (_: string, i: number) => `${prefix}${i}`;
  const end = `${prefix}end`;
  const groups = Array.from({ length: Math.ceil(shapes.length / TOGETHER) }, (_, k) => `${prefix}from${k * TOGETHER}`);
  const watched: ModelProto = {
    ...model,
    graph: {
      ...model.graph,
      initializer: [...model.graph.initializer, intTensor(end, [1], [-1])],
      node: [
        ...nodes,
        ...shapes.map((name, i) => nodeOf("Shape", [name], shape(name, i))),
        ...groups.map((group, k) => ({
          ...nodeOf(
            "Concat",
            shapes.slice(k * TOGETHER, (k + 1) * TOGETHER).flatMap((name, i) => [shape(name, k * TOGETHER + i), end]),
            group,
          ),
          attribute: [attr.int("axis", 0)],
        })),
      ],
      output: [...groups, ...values].map((name) => ({ name })),
    },
  };
  const bytes = encodeModelBytes(pointingInto(watched, source.file));
  const session = await runtime.createSession(bytes, { optimization: "disabled", ...filesOf(source) });
  return {
    session,
    async see(feeds) {
      const out = await session.run(feeds);
      const seen = groups.flatMap((group) => separated(out[group]!.data as ArrayLike<bigint>));
      return {
        shapes: new Map([
          ...shapes.map((name, i) => [name, seen[i]!] as const),
          ...values.map((name) => [name, out[name]!.dims] as const),
        ]),
        values: new Map(values.map((name) => [name, out[name]!])),
      };
    },
  };
};

/** A beginning that none of the names has. */
const unlike = (names: readonly string[], wish: string): string =>
  names.some((name) => name.startsWith(wish)) ? unlike(names, `_${wish}`) : wish;

/** Shapes that are handed over in one output, each followed by −1: an output each would cost more than the model. */
const TOGETHER = 256;

const separated = (numbers: ArrayLike<bigint>): readonly (readonly number[])[] => {
  const shapes: number[][] = [];
  let shape: number[] = [];
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] !== -1n) {
      shape.push(Number(numbers[i]));
      continue;
    }
    shapes.push(shape);
    shape = [];
  }
  return shapes;
};

const nodeOf = (opType: string, input: readonly string[], output: string): NodeProto => ({
  opType,
  domain: "",
  name: output,
  input,
  output: [output],
  attribute: [],
});

/** A one-hot that refuses categories it does not know: what a model is traced with is none of them. */
const forgiving = (node: NodeProto): NodeProto =>
  node.opType === "OneHotEncoder"
    ? { ...node, attribute: [...node.attribute.filter(({ name }) => name !== "zeros"), attr.int("zeros", 1)] }
    : node;

const counting = (loop: NodeProto): NodeProto => {
  const trips = tripsOf(loop);
  const stacked = `${trips}/iteration`;
  const counted = (body: GraphProto): GraphProto => ({
    ...body,
    node: [...body.node, nodeOf("Identity", [body.input[0]!.name], stacked)],
    output: [...body.output, { name: stacked, type: { tensorType: { elemType: DataType.INT64, shape: [] } } }],
  });
  const attribute = loop.attribute.map((a) => (a.g === undefined ? a : { ...a, g: counted(a.g) }));
  const outputs = (getGraph(loop, "body")?.output.length ?? 1) - 1; // the condition stays inside
  const unused = Array.from({ length: outputs - loop.output.length }, () => "");
  return { ...loop, attribute, output: [...loop.output, ...unused, trips] };
};

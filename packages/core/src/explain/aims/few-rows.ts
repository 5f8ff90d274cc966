/**
 * A language model's logits are as many as its tokens times its vocabulary; what is explained stands at a few positions of them. Its head
 * is written once more for those alone, so that neither direction nor relevance is ever as large as all logits.
 */
import type { Facts, Shape, TraceFacts } from "../../graph/facts.ts";
import { type GraphNode, opName } from "../../graph/graph.ts";
import { producersOf } from "../../graph/producers.ts";
import { TracedModel } from "../../graph/traced-model.ts";
import { attr, DataType, type NodeProto, type ValueInfoProto } from "../../onnx/index.ts";
import type { Aim, Place } from "../../oracle/aim.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Aimed } from "./index.ts";

/** A model whose only output are the logits at positions that are fed. */
export interface RowsModel {
  readonly traced: TracedModel;
  readonly output: string;
  /** The input that takes the positions, int64 [P]. */
  readonly input: string;
}

/** Work on every number by itself, or along the last axis. */
const HANDS_ON: ReadonlySet<string> = new Set(["Add", "Sub", "Mul", "Div", "Identity", "Cast", "Tanh", "Softplus", "Clip"]);

/** `start`: logits [N, positions, classes]. Undefined where they are not made position by position by a product with constant weights. */
export const rowsModel = (traced: TracedModel, start: string): RowsModel | undefined => {
  const facts = traced.ownFacts();
  const head = headOf(traced, facts, start);
  if (head === undefined) return undefined;
  const { nodes, from } = head;
  const { model } = traced;
  const made = new Map([from, ...nodes.map((node) => node.output[0]!)].map((name) => [name, `${name}/rows`]));
  const input = "backlit/rows";
  const position: ValueInfoProto = {
    name: input,
    type: { tensorType: { elemType: DataType.INT64, shape: [{ param: input }] } },
  };
  const copies = nodes.map(
    ({ opType, domain, name, input: reads, output, attribute }): NodeProto => ({
      ...{ opType, domain, name, attribute },
      input: reads.map((read) => made.get(read) ?? read),
      output: [made.get(output[0]!)!],
    }),
  );
  const picked = { opType: "Gather", domain: "", name: input, input: [from, input], output: [made.get(from)!] };
  const output = made.get(start)!;
  const shapes = new Map(traced.facts.shapes);
  const types = new Map(traced.facts.types);
  const atRows = (shape: Shape): Shape => [shape[0]!, null, ...shape.slice(2)];
  for (const [name, own] of made) {
    shapes.set(own, atRows(facts.shapeOf(name)));
    const type = traced.facts.types.get(name);
    if (type !== undefined) types.set(own, type);
  }
  shapes.set(input, [null]);
  const declared: ValueInfoProto = {
    name: output,
    type: {
      tensorType: { elemType: DataType.FLOAT, shape: shapes.get(output)!.map((size) => (size === null ? {} : { value: size })) },
    },
  };
  const known: TraceFacts = { ...traced.facts, shapes, types };
  const graph = {
    ...model.graph,
    input: [...model.graph.input, position],
    output: [declared],
    node: [...model.graph.node, { ...picked, attribute: [attr.int("axis", 1)] }, ...copies],
  };
  return { traced: new TracedModel({ ...model, graph }, known), output, input };
};

/** The nodes from a product with constant weights to the logits. */
const headOf = (
  { graph }: TracedModel,
  facts: Facts,
  start: string,
): { readonly nodes: readonly GraphNode[]; readonly from: string } | undefined => {
  const made = producersOf(graph.nodes);
  const nodes: GraphNode[] = [];
  for (let name = start; ; ) {
    const node = made.get(name);
    if (node === undefined || node.output.length !== 1 || node.body !== undefined) return undefined;
    nodes.unshift(node);
    const op = opName(node);
    const [x, weights] = node.input;
    if (op === "MatMul")
      return facts.rank(x!) === 3 && facts.isConstant(weights!) && facts.rank(weights!) === 2 ? { nodes, from: x! } : undefined;
    const varying = node.input.filter((read) => read !== "" && !facts.isConstant(read));
    if (!HANDS_ON.has(op) || varying.length !== 1 || facts.rank(varying[0]!) !== 3) return undefined;
    // What is added or multiplied is the same at all positions.
    if (node.input.some((read) => read !== "" && facts.isConstant(read) && (facts.shapeOf(read).at(-2) ?? 1) !== 1))
      return undefined;
    name = varying[0]!;
  }
};

/** Fewer logits than this are no burden. */
const LARGE = 2 ** 20;

/** The positions that aims stand at, where they are few among many logits. */
export const fewPositions = ({ values, sizes, scoring, rounds, arrangement }: Aimed): readonly number[] | undefined => {
  const [positions = 0, classes = 0] = sizes;
  if (values.data.length < LARGE || sizes.length !== 2 || scoring.classAxis !== 1) return undefined;
  if (arrangement.order.some((axis, i) => axis !== i)) return undefined;
  const found = new Set<number>();
  for (const aim of rounds.flat()) for (const { at } of aim.places) found.add(Math.floor(at / classes));
  return found.size * 4 <= positions ? [...found].sort((a, b) => a - b) : undefined;
};

/** As they are fed. */
export const wholeNumbers = (positions: readonly number[]): Tensor => ({
  type: "int64",
  dims: [positions.length],
  data: BigInt64Array.from(positions, BigInt),
});

/** The same aims among the logits at these positions alone. */
export const atFew = (aimed: Aimed, positions: readonly number[]): Aimed => {
  const { values, sizes } = aimed;
  const [length, classes] = sizes as [number, number];
  const [samples] = values.dims as [number];
  const data = new Float32Array(samples * positions.length * classes);
  for (let n = 0; n < samples; n++)
    positions.forEach((position, p) => {
      const from = (n * length + position) * classes;
      data.set(values.data.subarray(from, from + classes), (n * positions.length + p) * classes);
    });
  const few: FloatTensor = { type: "float32", dims: [samples, positions.length, classes], data };
  const moved = (at: number) => positions.indexOf(Math.floor(at / classes)) * classes + (at % classes);
  const place = (one: Place): Place => ({
    ...one,
    at: moved(one.at),
    ...(one.against !== undefined && { against: moved(one.against) }),
  });
  const aim = (one: Aim): Aim => ({ ...one, places: one.places.map(place) });
  return { ...aimed, values: few, sizes: few.dims.slice(1), rounds: aimed.rounds.map((round) => round.map(aim)) };
};

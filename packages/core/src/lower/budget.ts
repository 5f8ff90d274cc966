/**
 * How much a model may become while it is lowered. A file of 2 kB can ask for a gigabyte: functions that call functions, loops of
 * loops, constants computed from a shape. Beyond a budget an error, or the reason why a node stays, says how much it would have been.
 */
import { fail } from "../errors.ts";
import { constantValues, MOST_WEIGHTS } from "../graph/facts.ts";
import { constantTensor, graphsOf, valuesRead } from "../graph/graph.ts";
import type { TracedModel } from "../graph/traced-model.ts";
import type { GraphProto, ModelProto, TensorProto } from "../onnx/proto.ts";

export interface Budgets {
  /** Nodes written by inlining functions and unrolling loops and recurrent layers. Default 200,000. */
  readonly nodes?: number;
  /** Steps of one loop. Default 1,000. */
  readonly steps?: number;
  /** Bytes of new constants, beyond twice the model's own weights. Default 256 MB. */
  readonly bytes?: number;
  /** Weights of one interpolation matrix, which the rules of Resize write. Default 2²⁶. */
  readonly weights?: number;
}

/** The limits where none are given: nodes and steps of one loop, bytes of new constants, weights of an interpolation matrix. */
export const BUDGETS: Required<Budgets> = { nodes: 200_000, steps: 1000, bytes: 2 ** 28, weights: MOST_WEIGHTS };

export class Budget {
  readonly limits: Required<Budgets>;
  #written = 0;

  constructor(limits: Budgets = {}) {
    this.limits = { ...BUDGETS, ...limits };
  }

  /** @throws Unsupported */
  inline(nodes: number): void {
    const { nodes: most } = this.limits;
    if (this.#written + nodes > most)
      throw fail("Unsupported", {
        what: `with its functions inlined the model has ${counted(nodes)} nodes`,
        why: `at most ${counted(most)} are written`,
        fix: "allow more with --allow nodes=N (budgets.nodes)",
      });
    this.#written += nodes;
  }

  /** Why this is not unrolled; undefined when it is. */
  unroll(steps: number, nodesPerStep: number): string | undefined {
    const { nodes: most, steps: longest } = this.limits;
    if (steps > longest)
      return `it takes ${counted(steps)} steps, and at most ${counted(longest)} are unrolled (--allow steps=N takes more)`;
    const nodes = steps * nodesPerStep;
    if (this.#written + nodes > most)
      return `unrolled it is ${counted(nodes)} nodes (${counted(steps)} steps), and at most ${counted(most)} are written in all (--allow nodes=N takes more)`;
    this.#written += nodes;
    return undefined;
  }

  /**
   * What lowering copied, and what is folded: values of known constants that others than constants read.
   * @throws Unsupported
   */
  hold(traced: TracedModel, file: ModelProto): void {
    const own = weightBytes(file);
    const made = weightBytes(traced.model) - own + foldedBytes(traced);
    const most = this.limits.bytes + 2 * own;
    if (made > most)
      throw fail("Unsupported", {
        what: `constants of ${megabytes(made)} would be written into the model`,
        why: `its own weights are ${megabytes(own)}, and at most ${megabytes(most)} are added`,
        fix: "allow more with --allow bytes=N (budgets.bytes)",
      });
  }
}

/** As they would be written: a tensor that two nodes hold counts twice. */
const weightBytes = ({ graph, functions }: ModelProto): number =>
  bytesIn(graph) + functions.reduce((sum, { node }) => sum + bytesIn({ node, initializer: [] }), 0);

const bytesIn = ({ node, initializer }: Pick<GraphProto, "node" | "initializer">): number =>
  [...initializer, ...node.flatMap((one) => constantTensor(one) ?? [])].reduce((sum, tensor) => sum + bytesOf(tensor), 0) +
  node.reduce((sum, one) => sum + graphsOf(one).reduce((inner, graph) => inner + bytesIn(graph), 0), 0);

const bytesOf = ({ rawData, dims }: TensorProto): number => rawData?.length ?? 4 * dims.reduce((a, b) => a * b, 1);

const foldedBytes = ({ graph, facts: { values } }: TracedModel): number => {
  const constant = constantValues(graph);
  const read = new Set(graph.nodes.filter(({ output }) => !output.some((name) => constant.has(name))).flatMap(valuesRead));
  const stored = new Set(graph.nodes.filter((node) => constantTensor(node) !== undefined).flatMap(({ output }) => output));
  let sum = 0;
  for (const [name, { data }] of values)
    if (read.has(name) && !stored.has(name)) sum += ArrayBuffer.isView(data) ? data.byteLength : 0;
  return sum;
};

const counted = (count: number): string => (count < 1e15 ? count.toLocaleString("en-US") : count.toExponential(1));
const megabytes = (bytes: number): string => `${counted(Math.round(bytes / 1e5) / 10)} MB`;

/**
 * What is known of every value before it is computed: its shape, whether it depends on an input at all, and its
 * numbers where it does not and is small. Found by running the model on shapes (trace.ts), never by shape formulas.
 */
import { type ExternalData, isExternal } from "../onnx/external.ts";
import type { ModelProto, TensorProto } from "../onnx/proto.ts";
import { readTensor } from "../onnx/tensors.ts";
import { elementCount } from "../onnx/types.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Graph, type GraphNode, valuesRead } from "./graph.ts";
import { sizedBy } from "./sized-by.ts";

/** Sizes; null is dynamic: it differs from run to run (batch, sequence length, height …). */
export type Shape = readonly (number | null)[];

export interface TraceFacts {
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Sizes in the last traced run, where free sizes have numbers of their own. */
  readonly seen?: ReadonlyMap<string, readonly number[]>;
  /** Numbers of small constants that are no initializer: Constant nodes, shape arithmetic. */
  readonly values: ReadonlyMap<string, Tensor>;
  /** Element types of the file's inputs and outputs: what is float32 in a lowered model may have been float16 or float64. */
  readonly types: ReadonlyMap<string, number>;
  /** Reads initializers that lie in files beside the model. */
  readonly external?: ExternalData;
  /** A quantised model, as it was before its floats took the place of its integers. */
  readonly quantised?: ModelProto;
  /** `quantised` is no quantised model but this one in float64: outputs and targets are its, as with a quantised one. */
  readonly double?: true;
  /** Why lowering left a node as it is, by the node's first output. */
  readonly left?: ReadonlyMap<string, string>;
  /** The operator of the file that gives an output, before lowering writes it in others. */
  readonly sources?: ReadonlyMap<string, string>;
  /** Weights of the largest matrix that a rule may write. Default: `MOST_WEIGHTS`. */
  readonly mostWeights?: number;
  /** Where the graph does not tell whether rows are samples, whether a run kept them apart, by output. */
  readonly rowsApart?: ReadonlyMap<string, boolean>;
  /** What the user should know: a dimension that had to be fixed, for one. */
  readonly notices: readonly string[];
}

/** Elements of the largest tensor whose numbers are worth fetching: a batch norm's, not a layer's. */
export const SMALL = 65_536;

/** In float64 half a gigabyte. */
export const MOST_WEIGHTS = 2 ** 26;

/** Another result at every run: neither constants, nor the same operation twice. */
export const RANDOM: ReadonlySet<string> = new Set([
  "RandomNormal",
  "RandomUniform",
  "RandomNormalLike",
  "RandomUniformLike",
  "Multinomial",
  "Bernoulli",
]);
/** Tell of a value its sizes alone: what follows does not depend on its numbers. */
export const SHAPE_OF: ReadonlySet<string> = new Set(["Shape", "Size"]);

/**
 * Values that depend on no input except through Shape and Size, of shapes that do not depend on the input's values either.
 * Initializers are not listed, but count as constant.
 */
export const constantValues = (graph: Pick<Graph, "nodes" | "inputs">): ReadonlySet<string> => valueKinds(graph).constant;

/** Values whose shape depends on the numbers of the input: what is found, kept or counted. */
export const looseValues = (graph: Pick<Graph, "nodes" | "inputs">): ReadonlySet<string> => valueKinds(graph).loose;

interface Kinds {
  readonly constant: ReadonlySet<string>;
  readonly loose: ReadonlySet<string>;
}
const known = new WeakMap<Graph["nodes"], Kinds & Pick<Graph, "inputs">>();

/** Found once for a list of nodes. */
const valueKinds = (graph: Pick<Graph, "nodes" | "inputs">): Kinds => {
  const before = known.get(graph.nodes);
  if (before?.inputs === graph.inputs) return before;
  const made = { ...kindsIn(graph), inputs: graph.inputs };
  known.set(graph.nodes, made);
  return made;
};

const kindsIn = (graph: Pick<Graph, "nodes" | "inputs">): Kinds => {
  const varying = new Set(graph.inputs.map((input) => input.name));
  const loose = new Set<string>(); // of another shape for other values of the input
  const constant = new Set<string>();
  for (const node of graph.nodes) {
    const reads = valuesRead(node);
    const asks = SHAPE_OF.has(node.opType);
    const varies = RANDOM.has(node.opType) || reads.some((name) => (asks ? loose : varying).has(name));
    const isLoose = !asks && (reads.some((name) => loose.has(name)) || sizedBy(node).some((name) => varying.has(name)));
    for (const name of node.output) {
      (varies ? varying : constant).add(name);
      if (isLoose) loose.add(name);
    }
  }
  return { constant, loose };
};

/** What follows from graph and trace alone: found once, never changed. */
interface Ground {
  readonly traced: TraceFacts;
  readonly initializers: ReadonlyMap<string, TensorProto>;
  readonly constant: ReadonlySet<string>;
  /** Numbers of small initializers, as they were asked for. */
  readonly read: Map<string, Tensor>;
}

const groundOf = (graph: Graph, traced: TraceFacts): Ground => ({
  traced,
  initializers: graph.initializers,
  constant: constantValues(graph),
  read: new Map(),
});

/** Facts by value name, extendable while the graph is rewritten. */
export class Facts {
  readonly #ground: Ground;
  readonly #shapes = new Map<string, Shape>();
  readonly #values = new Map<string, Tensor>();
  readonly #constant = new Set<string>();

  constructor(graph: Graph, traced: TraceFacts);
  /** @internal */
  constructor(ground: Ground);
  constructor(of: Graph | Ground, traced?: TraceFacts) {
    this.#ground = traced === undefined ? (of as Ground) : groundOf(of as Graph, traced);
  }

  /** Facts for another writer: what follows from the graph is shared, what either records from now on is its own. */
  fork(): Facts {
    const forked = new Facts(this.#ground);
    for (const [name, shape] of this.#shapes) forked.#shapes.set(name, shape);
    for (const [name, tensor] of this.#values) forked.#values.set(name, tensor);
    for (const name of this.#constant) forked.#constant.add(name);
    return forked;
  }

  get mostWeights(): number {
    return this.#ground.traced.mostWeights ?? MOST_WEIGHTS;
  }

  get notices(): readonly string[] {
    return this.#ground.traced.notices;
  }

  /** Undefined for values that are no tensors, or that tracing did not reach. */
  shape(name: string): Shape | undefined {
    const { traced, initializers } = this.#ground;
    const known = this.#shapes.get(name) ?? traced.shapes.get(name) ?? initializers.get(name)?.dims;
    return known ?? (this.#values.get(name) ?? traced.values.get(name))?.dims;
  }

  /** The sizes of one run in which free sizes had numbers of their own; undefined where tracing did not see the value. */
  seen(name: string): readonly number[] | undefined {
    return this.#ground.traced.seen?.get(name);
  }

  /** The shape, which the caller cannot do without. */
  shapeOf(name: string): Shape {
    const shape = this.shape(name);
    if (shape === undefined) throw new Error(`no shape known for value '${name}'`);
    return shape;
  }

  /** How many axes a value has. Errors: those of `shapeOf`. */
  rank(name: string): number {
    return this.shapeOf(name).length;
  }

  /** Depends on no input's values. */
  isConstant(name: string): boolean {
    const { traced, initializers, constant } = this.#ground;
    return (
      this.#constant.has(name) ||
      constant.has(name) ||
      initializers.has(name) ||
      this.#values.has(name) ||
      traced.values.has(name)
    );
  }

  /** The numbers of a constant: an initializer in the file, a small one in a file beside it, or a small traced value. */
  value(name: string): Tensor | undefined {
    const { traced, initializers, read } = this.#ground;
    const known = this.#values.get(name) ?? traced.values.get(name) ?? read.get(name);
    if (known !== undefined) return known;
    const initializer = initializers.get(name);
    if (initializer === undefined) return undefined;
    const small = elementCount(initializer.dims, initializer.name) <= SMALL;
    if (isExternal(initializer) && (traced.external === undefined || !small)) return undefined;
    const tensor = readTensor(initializer, traced.external);
    // Large ones are held no longer than who asked for them.
    (small ? read : this.#values).set(name, tensor);
    return tensor;
  }

  /** A constant as plain numbers; undefined when unknown. */
  numbers(name: string | undefined): readonly number[] | undefined {
    const tensor = name === undefined || name === "" ? undefined : this.value(name);
    return tensor === undefined || tensor.type === "string"
      ? undefined
      : Array.from(tensor.data as ArrayLike<number | bigint>, Number);
  }

  /** A constant with one element. */
  scalar(name: string | undefined): number | undefined {
    if (name === undefined || (this.shape(name) ?? []).some((size) => size !== 1)) return undefined; // weights are not read for that
    const numbers = this.numbers(name);
    return numbers?.length === 1 ? numbers[0] : undefined;
  }

  /** Why a node could not be written in operators that have rules. */
  whyLeft(node: Pick<GraphNode, "output">): string | undefined {
    return this.#ground.traced.left?.get(node.output.find((name) => name !== "") ?? "");
  }

  /** Records that a value a rewrite made depends on no input. */
  markConstant(name: string): void {
    this.#constant.add(name);
  }

  /** Records a constant a rewrite computed. */
  set(name: string, tensor: Tensor): void {
    this.#values.set(name, tensor);
    this.#constant.add(name);
  }

  /** Records a value a rewrite made. */
  add(name: string, shape: Shape, constant = true): void {
    this.#shapes.set(name, shape);
    if (constant) this.#constant.add(name);
  }
}

/** Product of the sizes, null when one is dynamic. */
export const sizeOf = (shape: Shape): number | null =>
  shape.reduce<number | null>((n, d) => (n === null || d === null ? null : n * d), 1);

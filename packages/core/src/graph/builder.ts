/**
 * Writes nodes. The same operation on the same values is written once (common-subexpression reuse), so rules may ask
 * for W⁺ or relu(x) wherever they need it. Nodes with subgraphs or randomness are never reused.
 */
import { attr } from "../onnx/attributes.ts";
import { type AttributeProto, DataType, type NodeProto, type TensorProto } from "../onnx/proto.ts";
import { floatTensor, intTensor, makeTensor } from "../onnx/tensors.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Facts, RANDOM, type Shape, sizeOf } from "./facts.ts";
import { BlockedLayout } from "./layout.ts";

/** Numbers are INT attributes, number lists INTS, text STRING; wrap with `float()` for FLOAT. */
export type AttrValue = number | readonly number[] | string | Float;
class Float {
  constructor(readonly value: number) {}
}
export const float = (value: number): Float => new Float(value);

/** Sizes behind the batch, and a value with the same batch. */
export interface Grid {
  readonly batchOf: string;
  readonly sizes: readonly number[];
}

/** "To the end" is written as the largest int64, which as a number is 2⁶³: one too many. */
const inInt64 = (value: number): number => Math.min(value, 2 ** 63 - 1024);

const attribute = (name: string, value: AttrValue): AttributeProto => {
  if (value instanceof Float) return attr.float(name, value.value);
  if (typeof value === "number") return attr.int(name, value);
  if (typeof value === "string") return attr.string(name, value);
  return attr.ints(name, value);
};

const keyOf = (node: Pick<NodeProto, "domain" | "opType" | "input" | "attribute">): string | undefined => {
  if (
    RANDOM.has(node.opType) ||
    node.opType === "Dropout" ||
    node.attribute.some((a) => a.g || a.graphs || a.t || a.tensors || a.unknown)
  )
    return undefined;
  const attributes = node.attribute.map((a) => [
    a.name,
    a.type,
    a.f,
    String(a.i),
    a.s && Array.from(a.s),
    a.floats,
    a.ints?.map(String),
  ]);
  return JSON.stringify([node.domain, node.opType, node.input, attributes.sort()]);
};

export class Builder {
  readonly nodes: NodeProto[] = [];
  readonly constants: TensorProto[] = [];
  /** Values that may be infinite or no number: products with them are guarded (ops/guard.ts). */
  readonly unbounded = new Set<string>();
  /** Values whose sizes the runtime does not find out by itself: a map's channels and sides, and whose batch it has. */
  readonly declared = new Map<string, Grid>();
  /** Maps in the runtime's blocked layout. */
  readonly layout = new BlockedLayout();
  readonly #known = new Map<string, readonly string[]>();
  readonly #taken: Set<string>;
  #count = 0;

  /** `taken`: names in use, which new values avoid. `facts`: shapes of the values the new nodes are written over. */
  constructor(
    readonly facts: Facts,
    taken: Iterable<string>,
    readonly prefix = "bl",
  ) {
    this.#taken = new Set(taken);
  }

  /** Makes existing nodes available for reuse. */
  know(nodes: Iterable<NodeProto>): void {
    for (const node of nodes) {
      this.layout.note(node);
      const key = node.output.length === 1 ? keyOf(node) : undefined;
      if (key !== undefined && !this.#known.has(key)) this.#known.set(key, node.output);
    }
  }

  /** A name nothing else has. */
  name(hint: string): string {
    for (;;) {
      const name = `${this.prefix}:${hint}:${this.#count++}`;
      if (!this.#taken.has(name)) {
        this.#taken.add(name);
        return name;
      }
    }
  }

  /** The (first) output of an operation. */
  op(opType: string, input: readonly string[], attributes: Readonly<Record<string, AttrValue>> = {}): string {
    return this.ops(opType, input, attributes, 1)[0]!;
  }

  /** All outputs of an operation. */
  ops(
    opType: string,
    input: readonly string[],
    attributes: Readonly<Record<string, AttrValue>>,
    outputs: number,
  ): readonly string[] {
    return this.emit(
      { opType, domain: "", input, attribute: Object.entries(attributes).map(([k, v]) => attribute(k, v)) },
      outputs,
    );
  }

  /** Writes a node like another one, with other inputs: apply and adjoint keep most attributes of the forward node. */
  emit(node: Pick<NodeProto, "opType" | "domain" | "input" | "attribute">, outputs = 1): readonly string[] {
    const key = keyOf(node);
    const reused = key === undefined ? undefined : this.#known.get(`${key}${outputs === 1 ? "" : outputs}`);
    if (reused !== undefined) return reused;
    const name = this.name(node.opType);
    const output = Array.from({ length: outputs }, (_, i) => (outputs === 1 ? name : `${name}.${i}`));
    this.nodes.push({ ...node, name, output });
    this.layout.note({ ...node, output });
    if (key !== undefined) this.#known.set(`${key}${outputs === 1 ? "" : outputs}`, output);
    return output;
  }

  /** A float constant; a plain number is a scalar. */
  floats(
    data: number | readonly number[] | Float32Array,
    dims: readonly number[] = typeof data === "number" ? [] : [data.length],
  ): string {
    const values = typeof data === "number" ? [data] : data;
    return this.#constant(`f${dims.join("x")}`, values, (name) => floatTensor(name, dims, Float32Array.from(values)));
  }

  /** A float64 constant. */
  doubles(data: Float64Array, dims: readonly number[]): string {
    return this.#constant(`d${dims.join("x")}`, data, (name) => makeTensor(name, { type: "float64", dims, data }));
  }

  /** An int64 list, or scalar. */
  ints(data: number | readonly number[]): string {
    const dims = typeof data === "number" ? [] : [data.length];
    const values = (typeof data === "number" ? [data] : data).map(inInt64);
    return this.#constant(`i${dims.length}`, values, (name) => intTensor(name, dims, values));
  }

  /** A constant of any type, as it is: a large one is not compared with those there are. */
  tensor(hint: string, tensor: Tensor): string {
    const name = this.name(hint);
    this.constants.push(makeTensor(name, tensor));
    return name;
  }

  #constant(kind: string, values: ArrayLike<number>, make: (name: string) => TensorProto): string {
    const key = `${kind}=${Array.from(values, (v) => (Object.is(v, -0) ? "-0" : String(v))).join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known[0]!;
    const name = this.name(values.length === 1 ? `${values[0]}` : kind);
    this.constants.push(make(name));
    this.#known.set(key, [name]);
    return name;
  }

  // The handful of operations everything is made of.
  /** a + b. */
  add = (a: string, b: string): string => this.op("Add", [a, b]);
  /** a − b. */
  sub = (a: string, b: string): string => this.op("Sub", [a, b]);
  /** a ⊙ b. */
  mul = (a: string, b: string): string => this.op("Mul", [a, b]);
  /** a ⊘ b. */
  div = (a: string, b: string): string => this.op("Div", [a, b]);
  /** factor · a; a itself for 1. */
  scale = (a: string, factor: number): string => (factor === 1 ? a : this.mul(a, this.floats(factor)));
  /** max(a, 0). */
  relu = (a: string): string => this.op("Relu", [a]);
  /** min(a, 0). Clip, since Min has no WebGPU kernel. */
  negativePart = (a: string): string => this.op("Clip", [a, "", this.floats(0)]);
  /** max(a, low). */
  atLeast = (a: string, low: number): string => this.op("Clip", [a, this.floats(low)]);
  /**
   * [a > limit] and [a < limit] as 0 and 1. A hard sigmoid so steep that it is a step: one operation that keeps the runtime's blocked
   * layout, where Greater and Cast are two that leave it. Scaling by a power of two is exact, so the sign of the difference is.
   */
  above = (a: string, limit: number): string => this.#step(a, limit, 2 ** 100);
  /** [a < limit] as 0 and 1, like `above`. */
  below = (a: string, limit: number): string => this.#step(a, limit, -(2 ** 100));
  #step = (a: string, limit: number, slope: number): string => {
    if (limit === 0) return this.op("HardSigmoid", [a], { alpha: float(slope * 2 ** 27), beta: float(0) }); // steeper: small values too
    if (Math.abs(limit) < 2 ** 24 && Math.abs(limit) > 2 ** -60)
      return this.op("HardSigmoid", [a], { alpha: float(slope), beta: float(-slope * limit) });
    return this.mask(this.op(slope > 0 ? "Greater" : "Less", [a, this.floats(limit)]));
  };
  /** [a = 0] as 0 and 1, for a ≥ 0. */
  isZero = (a: string): string => this.op("HardSigmoid", [a], { alpha: float(-(2 ** 127)), beta: float(1) });
  /** A boolean value as 0 and 1. */
  mask = (condition: string): string => this.op("Cast", [condition], { to: DataType.FLOAT });
  /** The sum of at least one term, from left to right. */
  sum = (terms: readonly string[]): string => terms.reduce((a, b) => this.add(a, b));
  /** Axis i of the result is axis perm[i] of a; a itself where no axis moves. */
  transpose = (a: string, perm: readonly number[]): string =>
    perm.every((p, i) => p === i) ? a : this.op("Transpose", [a], { perm });
  /** The sum over these axes, which stay with size 1 unless `keepdims` is 0; a itself for no axes. */
  reduceSum = (a: string, axes: readonly number[], keepdims = 1): string =>
    axes.length === 0 ? a : this.op("ReduceSum", [a, this.ints(axes)], { keepdims });

  /**
   * Reshape to sizes of which at most one is dynamic, or to the run-time shape of `like`. `from` is a's own shape, where known: a
   * leading dynamic size that stays is copied (0), so that the runtime still knows it to be the batch.
   */
  reshape(a: string, shape: Shape, like?: string, from?: Shape): string {
    const rest = (s: Shape) => sizeOf(s.slice(1));
    const keeps = from?.[0] === null && shape[0] === null && rest(shape) !== null && rest(from) === rest(shape);
    const dynamic = shape.filter((d) => d === null).length;
    if (keeps && !shape.includes(0)) return this.op("Reshape", [a, this.ints(shape.map((d) => d ?? 0))]);
    if (dynamic <= 1 && !shape.includes(0)) return this.op("Reshape", [a, this.ints(shape.map((d) => d ?? -1))]);
    if (like === undefined) throw new Error("a shape with several dynamic sizes needs a value to copy it from");
    return this.op("Reshape", [a, this.op("Shape", [like])]);
  }

  /** Expand to the shape of `like`, whose batch `a` has already: that axis is left to broadcasting where the others are known. */
  expand(a: string, like: string): string {
    const [, ...rest] = this.facts.shapeOf(like);
    return this.op("Expand", [a, sizeOf(rest) === null ? this.op("Shape", [like]) : this.ints([1, ...(rest as number[])])]);
  }

  /** The shape of a value as an int64 list: a constant when static. */
  shape(value: string): string {
    const shape = this.facts.shape(value);
    return shape !== undefined && sizeOf(shape) !== null ? this.ints(shape as number[]) : this.op("Shape", [value]);
  }

  /** A constant number in the shape of `value`, its batch axis reduced to 1 (it broadcasts). `c` is a scalar or [C, 1, …]. */
  filled(c: string, value: string): string {
    const shape = this.facts.shapeOf(value);
    const rest = shape.slice(1);
    const dims =
      shape.length === 0
        ? this.ints([])
        : rest.includes(null)
          ? this.op("Concat", [this.ints([1]), this.op("Shape", [value], { start: 1 })], { axis: 0 })
          : this.ints([1, ...(rest as number[])]);
    return this.op("Expand", [c, dims]);
  }
}

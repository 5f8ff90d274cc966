/**
 * Squared distances read off a graph: a value that is q |x − m_k|² + r_k, whether its nodes subtract and square, or multiply out
 * q (|x|² − 2 m_k·x + |m_k|²).
 */
import type { Shape } from "../../graph/facts.ts";
import { getFloat, getInt } from "../../onnx/attributes.ts";
import type { NodeProto } from "../../onnx/proto.ts";

/** The graph, as far as it is read for distances. */
export interface Net {
  /** Values beyond these are not looked at. */
  readonly explained: ReadonlySet<string>;
  /** Of any value; undefined for names it does not have. */
  shape(value: string): Shape | undefined;
  /** The node that makes a value. */
  producer(value: string): NodeProto | undefined;
  /** The numbers of a constant. */
  constant(value: string): readonly number[] | undefined;
  isFloat(value: string): boolean;
}

export interface Spheres {
  /** The value whose rows are compared. */
  readonly x: string;
  /** m, one row each. */
  readonly points: readonly (readonly number[])[];
  readonly q: number;
  readonly rest: readonly number[];
}

/** q |x|² + w_k·x + c_k. */
interface Quadratic {
  readonly x?: string;
  readonly q: number;
  readonly w?: readonly (readonly number[])[];
  readonly c: readonly number[];
}

/** Of |m|² that float32 constants may be off by. */
const ROUNDING = 1e-3;

export const spheresAt = (value: string, net: Net): Spheres | undefined => {
  const found = quadraticOf(value, net, 0);
  if (found?.x === undefined || found.q === 0 || found.w === undefined) return undefined;
  const { x, q, w, c } = found;
  const points = w.map((row) => row.map((number) => -number / (2 * q)));
  const rest = points.map((point, k) => {
    const own = q * squares(point);
    const left = (c.length === 1 ? c[0]! : c[k]!) - own;
    return Math.abs(left) <= ROUNDING * Math.abs(own) ? 0 : left;
  });
  return { x, points, q, rest };
};

const squares = (row: readonly number[]): number => row.reduce((sum, v) => sum + v * v, 0);

/** What hands a value on, and what keeps a distance from being negative. */
const HANDING = new Set(["Cast", "Identity", "Squeeze", "Unsqueeze", "Reshape", "Flatten", "Relu", "Abs"]);
const DEEPEST = 40;

const quadraticOf = (value: string, net: Net, depth: number): Quadratic | undefined => {
  const numbers = net.constant(value);
  if (numbers !== undefined) return numbers.length <= 65_536 ? { q: 0, c: numbers } : undefined;
  const node = net.producer(value);
  if (node === undefined || depth > DEEPEST) return undefined;
  const of = (k: number) => quadraticOf(node.input[k]!, net, depth + 1);
  const scaled = (k: number, factor: number | undefined) => (factor === undefined ? undefined : times(of(k), factor));
  const scalar = (k: number) => only(net.constant(node.input[k]!));
  if (HANDING.has(node.opType)) return of(0);
  switch (node.opType) {
    case "Add":
    case "Sum":
      return node.input.map((_, k) => of(k)).reduce(plus);
    case "Sub":
      return plus(of(0), times(of(1), -1));
    case "Neg":
      return times(of(0), -1);
    case "Mul":
      return scaled(0, scalar(1)) ?? scaled(1, scalar(0));
    case "Div":
      return scaled(0, inverse(scalar(1)));
    case "Max":
    case "Clip":
      return of(net.constant(node.input[0]!) === undefined ? 0 : 1);
    case "Gemm": {
      const linear = linearOf(node, net, getInt(node, "transB", 0) === 0);
      const addend = node.input[2] ? times(of(2), getFloat(node, "beta", 1)) : { q: 0, c: [0] };
      return getInt(node, "transA", 0) === 0 ? plus(times(linear, getFloat(node, "alpha", 1)), addend) : undefined;
    }
    case "MatMul":
      return linearOf(node, net, true);
    case "ReduceSumSquare":
      return squared(node.input[0]!, net);
    case "ReduceSum": {
      const inner = net.producer(node.input[0]!);
      const twice = inner?.opType === "Mul" && inner.input[0] === inner.input[1];
      const power = inner?.opType === "Pow" && only(net.constant(inner.input[1]!)) === 2;
      return twice || power ? squared(inner.input[0]!, net) : undefined;
    }
    default:
      return undefined;
  }
};

/** |v|² of a value: of rows, or of their differences from constants. */
const squared = (value: string, net: Net): Quadratic | undefined => {
  const node = net.producer(value);
  if (node?.opType !== "Sub") return { x: handed(value, net), q: 1, c: [0] };
  const k = node.input.findIndex((input) => net.constant(input) !== undefined);
  const points = k < 0 ? undefined : net.constant(node.input[k]!);
  const width = net.shape(node.input[k]!)?.at(-1);
  if (points === undefined || !width) return undefined;
  const rows = rowsOf(points, width);
  const w = rows.map((row) => row.map((v) => -2 * v));
  return { x: handed(node.input[1 - k]!, net), q: 1, w, c: rows.map(squares) };
};

const linearOf = (node: NodeProto, net: Net, columns: boolean): Quadratic | undefined => {
  const [constant, shape] = [net.constant(node.input[1]!), net.shape(node.input[1]!)];
  if (constant === undefined || shape?.length !== 2) return undefined;
  const rows = rowsOf(constant, shape[1]!);
  const w = columns ? rows[0]!.map((_, k) => rows.map((row) => row[k]!)) : rows;
  return { x: handed(node.input[0]!, net), q: 0, w, c: [0] };
};

/** The value itself, where a copy of it was meant. */
const handed = (value: string, net: Net): string => {
  let at = value;
  for (let node = net.producer(at); node !== undefined && COPIES.has(node.opType); node = net.producer(at)) {
    if (net.explained.has(at)) return at;
    if (node.opType === "Cast" && !net.isFloat(node.input[0]!)) return at;
    at = node.input[0]!;
  }
  return at;
};
const COPIES = new Set(["Cast", "Identity", "Unsqueeze"]);

const rowsOf = (numbers: readonly number[], width: number): number[][] =>
  Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width));

const only = (numbers: readonly number[] | undefined): number | undefined => (numbers?.length === 1 ? numbers[0] : undefined);
const inverse = (number: number | undefined): number | undefined => (number === undefined ? undefined : 1 / number);

const times = (one: Quadratic | undefined, factor: number): Quadratic | undefined =>
  one && {
    ...one,
    q: one.q * factor,
    c: one.c.map((v) => v * factor),
    ...(one.w && { w: one.w.map((row) => row.map((v) => v * factor)) }),
  };

const plus = (a: Quadratic | undefined, b: Quadratic | undefined): Quadratic | undefined => {
  if (a === undefined || b === undefined || (a.x !== undefined && b.x !== undefined && a.x !== b.x)) return undefined;
  const count = Math.max(a.c.length, b.c.length, a.w?.length ?? 0, b.w?.length ?? 0);
  const at = (c: readonly number[], k: number) => (c.length === 1 ? c[0]! : c[k]!);
  const w = a.w && b.w ? a.w.map((row, k) => row.map((v, d) => v + (b.w![k]?.[d] ?? 0))) : (a.w ?? b.w);
  const x = a.x ?? b.x;
  return {
    ...(x !== undefined && { x }),
    q: a.q + b.q,
    c: Array.from({ length: count }, (_, k) => at(a.c, k) + at(b.c, k)),
    ...(w && { w }),
  };
};

/**
 * What models do to integers between quantising and reading them: casts between integer types, cuts, constants added or multiplied.
 * The number an integer stands for goes along where the arithmetic is exact, which the range of the integers says.
 */
import { opName } from "../../graph/graph.ts";
import { getInt } from "../../onnx/attributes.ts";
import { DataType, type NodeProto } from "../../onnx/proto.ts";
import { input } from "../parts.ts";
import { isInteger, rangeOf } from "./code.ts";
import type { Handler, Handlers } from "./handler.ts";
import type { Realm } from "./realm.ts";

/** To float: q = r / scale + zero point. To integers that hold q: what it stood for. */
const cast = (node: NodeProto, realm: Realm, to: number | undefined): boolean => {
  const [x, y] = [node.input[0]!, node.output[0]!];
  const stand = realm.stands(x);
  if (stand === undefined || to === undefined) return false;
  if (to === DataType.FLOAT) {
    const units = realm.units(x, stand.code.zero);
    realm.give(y, stand.dynamic ? units : realm.g.add(units, realm.zeroOf(stand.code)));
    return true;
  }
  const [low, high] = realm.integersIn(stand);
  const [least, most] = rangeOf(to);
  if (!isInteger(to) || !Number.isFinite(least)) return false;
  if (low >= least && high <= most) {
    realm.keep(y, stand.real, { ...stand.code, type: to }, stand.dynamic);
    return true;
  }
  // Too narrow, or of the other sign: integers wrap around, and come back whole where nothing but moves stands between.
  if (high - low > most - least || !comesBack(y, realm, to, [low, high])) return false;
  realm.keep(y, stand.real, stand.code, stand.dynamic);
  return true;
};

const Cast: Handler = (node, realm) => cast(node, realm, getInt(node, "to"));
const CastLike: Handler = (node, realm) => cast(node, realm, realm.typeOf(node.input[1]!));

/** Do not ask which integer is the larger one. */
const MOVES = new Set(
  "Identity Reshape Flatten Squeeze Unsqueeze Transpose Slice Split Gather Expand Tile DepthToSpace SpaceToDepth".split(" "),
);

/** Is all that is made of `name`, of a type into which integers wrapped around, a cast that undoes it? */
const comesBack = (name: string, realm: Realm, type: number, [low, high]: readonly [number, number]): boolean => {
  const readers = realm.around.consumers(name);
  return (
    readers.length > 0 &&
    readers.every((reader) => {
      if (reader.input[0] !== name) return false;
      if (MOVES.has(opName(reader))) return reader.output.every((y) => y === "" || comesBack(y, realm, type, [low, high]));
      const to = opName(reader) === "Cast" ? getInt(reader, "to", 0) : 0;
      const [least, most] = rangeOf(to);
      return to !== 0 && isInteger(to) && low >= least && high <= most && most - least <= width(type);
    })
  );
};

const width = (type: number): number => rangeOf(type)[1] - rangeOf(type)[0];

/** Cut at constants, where scale and zero point are single numbers. */
const cut = (node: NodeProto, realm: Realm, low: number | undefined, high: number | undefined): boolean => {
  const stand = realm.stands(node.input[0]!);
  const numbers = stand && !stand.dynamic ? realm.numbers(stand.code) : undefined;
  if (stand === undefined || numbers === undefined || low === undefined || high === undefined) return false;
  const [least, most] = realm.integersIn(stand);
  if (low <= least && high >= most) realm.keep(node.output[0]!, stand.real, stand.code);
  else {
    const ends = [Math.max(low, least), Math.min(high, most)] as const;
    const bounds = ends.map((q) => realm.g.floats((q - numbers.zero) * numbers.scale));
    const real = realm.g.op("Clip", [stand.real, ...bounds]);
    realm.limit(real, stand.code, ends);
    realm.keep(node.output[0]!, real, stand.code);
  }
  return true;
};

/** A bound that is left out is none. */
const Clip: Handler = (node, realm) => {
  const bound = (i: number, none: number) => (input(node, i) === undefined ? none : realm.facts.scalar(input(node, i)));
  return cut(node, realm, bound(1, Number.NEGATIVE_INFINITY), bound(2, Number.POSITIVE_INFINITY));
};

const Relu: Handler = (node, realm) => cut(node, realm, 0, Number.POSITIVE_INFINITY);

/** q → factor · q + addend moves the zero point along, as long as no integer overflows. */
const affine = (node: NodeProto, realm: Realm, at: number, factor: number | undefined, addend: number | undefined): boolean => {
  const stand = realm.stands(node.input[at]!);
  const numbers = stand && !stand.dynamic ? realm.numbers(stand.code) : undefined;
  if (stand === undefined || numbers === undefined || !factor || addend === undefined) return false;
  const [least, most] = rangeOf(stand.code.type);
  const ends = realm.integersIn(stand).map((q) => q * factor + addend) as [number, number];
  if (!isInteger(stand.code.type) || ends.some((q) => q < least || q > most)) return false;
  const { g, facts } = realm;
  const moved = numbers.zero * factor + addend;
  const code = { ...stand.code, zero: g.ints(moved) };
  facts.set(code.zero, { type: "int64", dims: [], data: BigInt64Array.of(BigInt(moved)) });
  const real = g.scale(stand.real, factor);
  realm.limit(real, code, ends);
  realm.keep(node.output[0]!, real, code);
  return true;
};

/** An integer with a scalar constant: the integer's position, and the constant. */
const withConstant = (node: NodeProto, realm: Realm): readonly [at: number, constant: number | undefined] => {
  const at = realm.stands(node.input[0]!) === undefined ? 1 : 0;
  return [at, realm.facts.scalar(node.input[1 - at]!)];
};

const Add: Handler = (node, realm) => {
  const [at, c] = withConstant(node, realm);
  return affine(node, realm, at, 1, c);
};
const Sub: Handler = (node, realm) => {
  const [at, c] = withConstant(node, realm);
  return c !== undefined && (at === 0 ? affine(node, realm, 0, 1, -c) : affine(node, realm, 1, -1, c));
};
const Mul: Handler = (node, realm) => {
  const [at, c] = withConstant(node, realm);
  return affine(node, realm, at, c, 0);
};
const Neg: Handler = (node, realm) => affine(node, realm, 0, -1, 0);

/** Of no interest but where quantised values come in. */
export const integers: Handlers = { Cast, CastLike, Clip, Relu, Add, Sub, Mul, Neg };

/**
 * The floats of a quantised graph. A walk over its nodes keeps, for every quantised value, the float that it stands for; handlers
 * (one family of operators a file) ask for the floats of their inputs and say which their outputs stand for. The integers are
 * computed only where something needs them: at outputs of the graph, and at operators without a handler.
 */

import { fail } from "../../errors.ts";
import { Builder } from "../../graph/builder.ts";
import type { Facts } from "../../graph/facts.ts";
import { DataType, type NodeProto } from "../../onnx/proto.ts";
import { makeTensor } from "../../onnx/tensors.ts";
import { dataTypeOf } from "../../onnx/types.ts";
import { toFloat, unsqueeze } from "../parts.ts";
import { Bounds } from "./bounds.ts";
import { type Code, fourBits, integersOf, isFourBits, isInteger, rangeOf } from "./code.ts";
import { onReals } from "./movers.ts";
import { isOnlyShifted } from "./shift.ts";
import type { Surroundings } from "./surroundings.ts";

export interface Stand {
  readonly real: string;
  readonly code: Code;
  /** Quantised by a scale that is computed at run time: the float is as it was before, and no integers can be had. */
  readonly dynamic: boolean;
}

export class Realm {
  readonly g: Builder;
  readonly facts: Facts;
  /** Nodes that a handler has done along with its own. */
  readonly done = new Set<NodeProto>();
  readonly #stands = new Map<string, Stand>();
  readonly #integers = new Set<string>();
  readonly #bounds: Bounds;
  readonly #makers = new Map<string, NodeProto>();
  /** 4-bit initializers, a byte for each element, by the packed one's name. */
  readonly #bytes = new Map<string, string>();
  #seen = 0;

  constructor(readonly around: Surroundings) {
    this.facts = around.facts;
    this.g = new Builder(around.facts, around.taken, "real");
    this.#bounds = new Bounds(this.facts, (name) => this.#made(name) ?? around.producer(name));
  }

  /** The node written here that makes a value. */
  #made = (name: string): NodeProto | undefined => {
    for (const node of this.g.nodes.slice(this.#seen)) for (const output of node.output) this.#makers.set(output, node);
    this.#seen = this.g.nodes.length;
    return this.#makers.get(name);
  };

  stands(name: string): Stand | undefined {
    return this.#stands.get(name);
  }

  /** Names that hold floats now, and those floats. */
  *renamed(): Iterable<readonly [string, string]> {
    for (const [name, { real }] of this.#stands) if (!this.#integers.has(name)) yield [name, real];
  }

  /** Quantisation parameters of a node's inputs. `zero` gives the type; without it the integers are uint8. */
  code(scale: string, zero: string | undefined, { axis = 0, block = 0, type = 0 } = {}): Code {
    const known = zero === undefined ? undefined : this.typeOf(zero);
    return { scale, zero, axis, block, type: type || (known ?? DataType.UINT8) };
  }

  typeOf(name: string): number | undefined {
    const declared = this.around.initializers.get(name)?.dataType ?? this.around.types.get(name);
    if (declared !== undefined) return declared;
    const value = this.facts.value(name);
    return value === undefined ? this.#stands.get(name)?.code.type : dataTypeOf(value.type);
  }

  zeros(code: Code): readonly number[] | undefined {
    return code.zero === undefined ? [0] : integersOf(this.facts, this.around.initializers, code.zero);
  }

  /** Scale and zero point of a whole tensor, as numbers. */
  numbers(code: Code): { readonly scale: number; readonly zero: number } | undefined {
    const [scale, zeros] = [this.facts.scalar(code.scale), this.zeros(code)];
    return scale === undefined || zeros?.length !== 1 ? undefined : { scale, zero: zeros[0]! };
  }

  /** The least and the greatest integer that a value can hold, as far as its range is known. */
  integersIn({ real, code, dynamic }: Stand): readonly [number, number] {
    const [least, most] = rangeOf(code.type);
    const [numbers, range] = [this.numbers(code), this.#bounds.of(real)];
    if (dynamic || numbers === undefined || range === undefined) return [least, most];
    const [a, b] = range.map((r) => Math.round(r / numbers.scale) + numbers.zero).sort((x, y) => x - y) as [number, number];
    return [Math.max(a, least), Math.min(b, most)];
  }

  /** Says that integers of `code` which stand for `real` lie between two numbers. */
  limit(real: string, code: Code, ends: readonly [number, number]): void {
    const numbers = this.numbers(code);
    if (numbers === undefined) return;
    const [a, b] = ends.map((q) => (q - numbers.zero) * numbers.scale) as [number, number];
    this.#bounds.narrow(real, [Math.min(a, b), Math.max(a, b)]);
  }

  /** The float that a quantised value stands for, read with the parameters of the node that reads it. */
  real(name: string, code: Code): string {
    const stand = this.#stands.get(name);
    if (stand === undefined) return this.#fromIntegers(name, code);
    if (this.#same(stand.code, code)) return stand.real;
    const units = this.g.div(stand.real, stand.code.scale);
    return this.g.mul(this.g.sub(this.g.add(units, this.zeroOf(stand.code)), this.zeroOf(code)), code.scale);
  }

  /** q − zero point, as a float; several zero points lie along the axis. */
  units(name: string, zero: string | undefined, axis = 0): string {
    const stand = this.#stands.get(name);
    if (stand === undefined) return this.#fromIntegers(name, this.code("", zero, { axis }));
    return stand.dynamic ? stand.real : this.g.div(stand.real, stand.code.scale);
  }

  /** The value of a zero point, as a float. */
  zeroOf(code: Code): string {
    const zeros = this.zeros(code);
    if (zeros?.length === 1) return this.g.floats(zeros[0]!);
    if (code.zero === undefined) return this.g.floats(0);
    const zero = toFloat(this.g, this.#wide(code.zero));
    const shape = this.facts.shape(code.zero);
    if (shape !== undefined) this.facts.add(zero, shape, this.facts.isConstant(code.zero));
    return zero;
  }

  /** Says what `name` stands for: `real`, cut to the range that the integers have. */
  put(name: string, real: string, code: Code): void {
    this.keep(name, this.#clipped(name, real, code), code);
  }

  /** As `put`, for values that are in the range already, or have none: they were quantised before, or will be at run time. */
  keep(name: string, real: string, code: Code, dynamic = false): void {
    this.#stands.set(name, { real, code, dynamic });
    const range = this.#range(code);
    if (range !== undefined) this.#bounds.narrow(real, range);
    const shape = this.facts.shape(name);
    if (shape !== undefined) this.facts.add(real, shape, false);
  }

  /** The float output of a node. */
  give(name: string, real: string): void {
    this.g.nodes.push({ opType: "Identity", domain: "", name: "", input: [real], output: [name], attribute: [] });
  }

  /** Computes the integers that a value would have held. */
  integers(name: string): void {
    const stand = this.#stands.get(name);
    if (stand === undefined || this.#integers.has(name)) return;
    this.#integers.add(name);
    const { real, code, dynamic } = stand;
    if (dynamic)
      throw fail("Unsupported", {
        what: "arithmetic on integers of a dynamically quantised model",
        where: `value '${name}'`,
        why: "backlit explains such a model as the float model it stands for, which has no integers there",
      });
    const { g } = this;
    const [low, high] = rangeOf(code.type);
    const units = g.div(real, code.scale);
    const q = isInteger(code.type) ? g.add(g.op("Round", [units]), this.zeroOf(code)) : units;
    const cast = g.op("Cast", [g.op("Clip", [q, g.floats(low), g.floats(high)])], { to: code.type });
    this.give(name, cast);
  }

  /** Weights that come as floats and are rounded when the model runs: the rounded numbers. */
  rounded(x: string, code: Code): string {
    const { g } = this;
    const [low, high] = rangeOf(code.type);
    const scale = this.spread(code.scale, x, code);
    const zero = this.spread(this.zeroOf(code), x, code);
    const q = g.op("Clip", [g.add(g.op("Round", [g.div(x, scale)]), zero), g.floats(low), g.floats(high)]);
    return g.mul(g.sub(q, zero), scale);
  }

  #clipped(name: string, real: string, code: Code): string {
    const range = this.#range(code);
    if (range === undefined) return real;
    const [low, high] = range;
    const step = this.facts.scalar(code.scale)!;
    if (this.#bounds.within(real, low, high, step)) return real;
    if (low < -step && high > step && isOnlyShifted(name, this.around)) return real;
    return this.g.op("Clip", [real, this.g.floats(low), this.g.floats(high)]);
  }

  /** The floats that the least and the greatest integer stand for. */
  #range(code: Code): readonly [number, number] | undefined {
    const numbers = this.numbers(code);
    const ends = numbers && rangeOf(code.type).map((q) => (q - numbers.zero) * numbers.scale);
    return ends && (ends.sort((a, b) => a - b) as [number, number]);
  }

  /** Same parameters: the same values, or equal numbers. */
  #same(a: Code, b: Code): boolean {
    const equal = (x: readonly number[] | undefined, y: readonly number[] | undefined) =>
      x !== undefined && y !== undefined && x.length === y.length && x.every((v, i) => v === y[i]);
    const scales = a.scale === b.scale || equal(this.facts.numbers(a.scale), this.facts.numbers(b.scale));
    const zeros = a.zero === b.zero || equal(this.zeros(a), this.zeros(b));
    return scales && zeros && (this.facts.scalar(a.scale) !== undefined || (a.axis === b.axis && a.block === b.block));
  }

  /** Integers that are there as such: weights, or what the user feeds. What moves them moves the floats. */
  #fromIntegers(name: string, code: Code): string {
    const { g } = this;
    const maker = this.around.producer(name);
    const whole = this.zeros(code)?.length === 1 && (code.scale === "" || this.facts.scalar(code.scale) !== undefined);
    if (maker !== undefined && whole && onReals(maker, 0, this.facts))
      return g.emit({ ...maker, input: [this.#fromIntegers(maker.input[0]!, code), ...maker.input.slice(1)] })[0]!;
    const q = toFloat(g, this.#wide(name));
    const noZero = code.zero === undefined || this.zeros(code)?.every((z) => z === 0);
    const shifted = noZero ? q : g.sub(q, this.spread(this.zeroOf(code), name, code));
    return code.scale === "" ? shifted : g.mul(shifted, this.spread(code.scale, name, code));
  }

  /** Scales or zero points in a shape that meets that of the tensor `of`. */
  spread(values: string, of: string, { axis, block, scale }: Pick<Code, "axis" | "block" | "scale">): string {
    const { g, facts } = this;
    const [shape, own] = [facts.shape(of), facts.shape(scale || values)];
    if (shape === undefined || own === undefined || own.every((d) => d === 1)) return values;
    const at = axis < 0 ? axis + shape.length : axis;
    if (block > 0 && own.length === shape.length) {
      const repeat = shape.map(() => 1).toSpliced(at + 1, 0, block);
      const repeated = g.op("Expand", [unsqueeze(g, values, at + 1), g.ints(repeat)]);
      const flat = g.op("Reshape", [repeated, g.ints(own.map((d, i) => (i === at ? -1 : (d ?? 0))))]);
      return g.op("Slice", [flat, g.ints([0]), g.ints([shape[at] ?? Number.MAX_SAFE_INTEGER]), g.ints([at])]);
    }
    return own.length === 1 && at < shape.length - 1
      ? g.op("Reshape", [values, g.ints(shape.slice(at).map((_, i) => (i === 0 ? -1 : 1)))])
      : values;
  }

  /** Integers in a type that runtimes cast from: 4-bit ones get a byte each. */
  #wide(name: string): string {
    const tensor = this.around.initializers.get(name);
    if (tensor === undefined || !isFourBits(tensor.dataType)) return name;
    const values = fourBits(tensor);
    if (values === undefined) return name;
    const wide = this.#bytes.get(name) ?? this.g.name(name);
    if (!this.#bytes.has(name)) this.g.constants.push(makeTensor(wide, { type: "int8", dims: tensor.dims, data: values }));
    this.#bytes.set(name, wide);
    return wide;
  }
}

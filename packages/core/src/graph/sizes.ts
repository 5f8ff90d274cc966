/**
 * Free sizes of a model's inputs: which there are, what they are called, and inputs of given sizes. A size is named by its
 * `dim_param`, or by `input:axis` where it has none; inputs that share a name share the size. A free first axis is the batch.
 */
import { fail } from "../errors.ts";
import { randomValues } from "../onnx/parse-tensors.ts";
import { DataType, type ValueInfoProto } from "../onnx/proto.ts";
import { arrayOf, elementCount, tensorType } from "../onnx/types.ts";
import { floatToHalf } from "../tensor/half.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { freeAxes, isCache, partsOf } from "./caches.ts";
import type { Graph } from "./graph.ts";

/** By name. */
export type Sizes = ReadonlyMap<string, number>;

export interface SizeOptions {
  /** Sizes for free dimensions, by `dim_param` name or by `input:axis`. */
  readonly dims?: Readonly<Record<string, number>>;
  /** Samples that give the sizes of free dimensions, by input name. Of their values only integers are used (`feedsOf`). */
  readonly sample?: Samples;
}

export type Samples = Readonly<Record<string, Pick<Tensor, "dims"> & Partial<Pick<Tensor, "type" | "data">>>>;

const BATCH = "batch";
/** Sizes most models take: of a picture, and of anything else. */
const [CHANNELS, SIDE, LENGTH] = [3, 224, 16];

export const sizeName = (input: ValueInfoProto, axis: number): string => {
  const dim = input.type?.tensorType?.shape?.[axis];
  return dim?.param || (axis === 0 ? BATCH : `${input.name}:${axis}`);
};

/** Sizes of an input, undefined where they are free. Exporters write 0 and −1 for free, too. */
export const declared = (input: ValueInfoProto): readonly (number | undefined)[] => {
  const tensor = input.type?.tensorType;
  if (tensor === undefined && input.type !== undefined)
    throw fail("Unsupported", {
      what: "an input that is no tensor",
      where: `input '${input.name}'`,
      why: "sequences, maps and optional values cannot be fed",
      fix: "export the model with tensors as inputs",
    });
  if (tensor?.shape === undefined)
    throw fail("BadModel", {
      what: "an input without a shape",
      where: `input '${input.name}'`,
      fix: "export the model with typed inputs",
    });
  return tensor.shape.map((dim) => (dim.value !== undefined && dim.value > 0 && !dim.param ? dim.value : undefined));
};

/** Names of the sizes that are a first axis. */
export const batchNames = (graph: Graph): Set<string> =>
  new Set(graph.inputs.filter((input) => declared(input).length > 0).map((input) => sizeName(input, 0)));

/** Names of the lengths of caches: they are run empty. */
export const cacheNames = (graph: Graph): ReadonlySet<string> => {
  const of = (cache: boolean, axesOf: (input: ValueInfoProto) => readonly number[]) =>
    graph.inputs
      .filter((input) => isCache(input) === cache)
      .flatMap((input) => axesOf(input).map((axis) => sizeName(input, axis)));
  const others = new Set(of(false, (input) => [...declared(input).keys()]));
  return new Set(of(true, (input) => freeAxes(input.type?.tensorType?.shape)).filter((name) => !others.has(name)));
};

/** Whether a size is the sum of others that the inputs name, or of such and numbers. */
const isSum = (graph: Graph, name: string): boolean => {
  const names = new Set(graph.inputs.flatMap((input) => [...declared(input).keys()].map((axis) => sizeName(input, axis))));
  const parts = partsOf(name);
  return parts.length > 1 && parts.every((part) => names.has(part) || /^\d+$/.test(part));
};

/** Every free size: what the user says, the sample's, 1 for the batch; else one most models take. */
export const firstSizes = (graph: Graph, { dims = {}, sample = {} }: SizeOptions): Map<string, number> => {
  const sizes = new Map<string, number>();
  const caches = cacheNames(graph);
  for (const input of graph.inputs) {
    const shape = declared(input);
    shape.forEach((fixed, axis) => {
      const name = sizeName(input, axis);
      if (fixed !== undefined || sizes.has(name)) return;
      if (isSum(graph, name) && given(dims, input, axis) === undefined) return;
      const guess = caches.has(name)
        ? (named(sample, input.name)?.dims[axis] ?? 0)
        : axis === 0
          ? 1
          : (named(sample, input.name)?.dims[axis] ?? usual(shape.length, axis));
      sizes.set(name, given(dims, input, axis) ?? guess);
    });
  }
  return sizes;
};

/** The size an axis is fixed to when the model has to be: unlike in `firstSizes`, a sample's first axis counts. */
export const fixedSize = (graph: Graph, name: string, isLength: boolean, { dims = {}, sample = {} }: SizeOptions): number => {
  const axes = graph.inputs.flatMap((input) => declared(input).map((fixed, axis) => ({ input, fixed, axis })));
  const own = axes.filter(({ input, fixed, axis }) => fixed === undefined && sizeName(input, axis) === name);
  for (const { input, axis } of own) {
    const size = given(dims, input, axis) ?? named(sample, input.name)?.dims[axis];
    if (size !== undefined) return size;
  }
  const { input, axis } = own[0]!;
  return axis === 0 ? (isLength ? LENGTH : 1) : usual(declared(input).length, axis);
};

const usual = (rank: number, axis: number): number => (rank === 4 ? (axis === 1 ? CHANNELS : SIDE) : LENGTH);
const given = (dims: Readonly<Record<string, number>>, input: ValueInfoProto, axis: number): number | undefined =>
  named(dims, sizeName(input, axis)) ?? named(dims, `${input.name}:${axis}`);
/** Names come from the file: "constructor" may be one. */
const named = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** Every element the same, or reproducible noise in low … high. */
export type Fill = 0 | 1 | { readonly low: number; readonly high: number };

/**
 * All inputs at these sizes, filled (texts "1", noise is for floats); integers and texts are the sample's, where there is one, over
 * and over: masks, sample rates, categories and markers of an end may decide whether a model runs at all.
 */
export const feedsOf = (graph: Graph, sizes: Sizes, fill: Fill, sample: Samples = {}): Record<string, Tensor> =>
  Object.fromEntries(
    graph.inputs.map((input) => {
      const x = filled(input, dimsOf(input, sizes), fill);
      const seen = named(sample, input.name);
      return [input.name, seen?.data === undefined || seen.type !== x.type || !tellsApart(x) ? x : repeating(x, seen)];
    }),
  );

const tellsApart = ({ type }: Tensor): boolean => /int|bool|string/.test(type);

/** Texts twice as long: what is cut into words by then has another number of them. */
export const longerTexts = (feeds: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>> =>
  Object.fromEntries(Object.entries(feeds).map(([name, x]) => [name, x.type === "string" ? longer(x) : x]));

const longer = ({ dims, data }: Tensor): Tensor => ({
  type: "string",
  dims,
  data: Array.from(data as readonly string[], (text) => `${text} ${text}`),
});

/** The sample at these sizes; undefined where an input has none. */
export const sampleFeeds = (graph: Graph, sizes: Sizes, sample: Samples = {}): Record<string, Tensor> | undefined => {
  const feeds = graph.inputs.map((input) => {
    const x = filled(input, dimsOf(input, sizes), 0);
    const seen = named(sample, input.name);
    return [input.name, seen?.data === undefined || seen.type !== x.type ? undefined : repeating(x, seen)] as const;
  });
  return feeds.every(([, x]) => x !== undefined) ? (Object.fromEntries(feeds) as Record<string, Tensor>) : undefined;
};

/** The sample along every axis, again from its start where it ends. */
const repeating = (x: Tensor, { dims, data = [] }: Samples[string]): Tensor => {
  if (dims.length !== x.dims.length || data.length === 0) return x;
  const values = x.data as unknown[];
  for (let i = 0; i < values.length; i++) {
    let [rest, at, stride] = [i, 0, 1];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      at += ((rest % x.dims[axis]!) % dims[axis]!) * stride;
      stride *= dims[axis]!;
      rest = Math.floor(rest / x.dims[axis]!);
    }
    values[i] = data[at];
  }
  return x;
};

const dimsOf = (input: ValueInfoProto, sizes: Sizes): number[] =>
  declared(input).map((fixed, axis) => fixed ?? sizeIn(sizes, sizeName(input, axis)));

const sizeIn = (sizes: Sizes, name: string): number =>
  sizes.get(name) ?? partsOf(name).reduce((sum, part) => sum + (sizes.get(part) ?? Number(part)), 0);

/** Elements of the largest input a model is tried with: a gigabyte of floats. */
const LARGEST = 2 ** 28;
const ONE_HALF = 0x3c00; // float16 is held as bit patterns

const filled = (input: ValueInfoProto, dims: readonly number[], fill: Fill): Tensor => {
  const type = tensorType(input.type?.tensorType?.elemType ?? DataType.FLOAT);
  const length = elementCount(dims, input.name);
  if (length > LARGEST)
    throw fail("BadModel", {
      what: "an input of absurd size",
      where: `input '${input.name}' ${dims.join("×")}`,
      why: "it would not fit into memory",
      fix: "export the model with the sizes it is used at, or leave them free",
    });
  if (type === "string") return { type, dims, data: Array.from({ length }, () => "1") };
  const data = arrayOf({ length: 0 }, type);
  const full = new (data.constructor as new (n: number) => typeof data)(length);
  if (fill === 1) full.fill((typeof full[0] === "bigint" ? 1n : type === "float16" ? ONE_HALF : 1) as never);
  if (typeof fill === "object" && type.startsWith("float")) {
    const { low, high } = fill;
    const noise = randomValues(high, length).map((v) => low + (v + 0.5) * (high - low));
    full.set((type === "float16" ? noise.map(floatToHalf) : noise) as never);
  }
  return { type, dims, data: full };
};

/** `x 1×3×224×224, ids 1×16` */
export const describeSizes = (graph: Graph, sizes: Sizes): string =>
  graph.inputs.map((input) => `${input.name} ${dimsOf(input, sizes).join("×")}`).join(", ");

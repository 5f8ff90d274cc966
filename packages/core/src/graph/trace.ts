/**
 * Facts by tracing: the model is run with a Shape node on every value, twice, with all free sizes changed together.
 * A size that differs is dynamic. Constants (by reachability, facts.ts) are fetched when they are small.
 */
import { BacklitError, fail } from "../errors.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { DataType, type ModelProto, type NodeProto, type ValueInfoProto } from "../onnx/proto.ts";
import { externalOf, filesOf, type ModelSource, pointingInto } from "../onnx/source.ts";
import { elementCount, tensorByteLength, tensorType, typedArray } from "../onnx/types.ts";
import type { Runtime, Tensor } from "../runtime/runtime.ts";
import { constantValues, type Shape, SMALL, type TraceFacts } from "./facts.ts";
import { type Graph, graphOf, valuesRead } from "./graph.ts";

export interface TraceOptions {
  /** Sizes for free dimensions, by `dim_param` name or by `input:axis`. */
  readonly dims?: Readonly<Record<string, number>>;
  /** Samples that give the sizes of free dimensions (their values are not used), by input name. */
  readonly sample?: Readonly<Record<string, Pick<Tensor, "dims">>>;
  /** Largest initializer, in elements, whose descendants are fetched as numbers. */
  readonly limit?: number;
  /** The files the model was read from: where its external data lies, and what need not be handed to the runtime again. */
  readonly source?: ModelSource;
}

const UNTRACEABLE = /^(Sequence|Optional|SplitToSequence|ConcatFromSequence)/;

export const trace = async (model: ModelProto, runtime: Runtime, options: TraceOptions = {}): Promise<TraceFacts> => {
  const graph = graphOf(model);
  const constant = constantValues(graph);
  const { source = {}, limit = SMALL } = options;
  const large = largeConstants(graph, limit);
  const outputs = graph.nodes
    .filter((node) => !UNTRACEABLE.test(node.opType))
    .flatMap((node) => node.output.filter((name) => name !== ""));
  const fetched = outputs.filter((name) => constant.has(name) && !large.has(name));
  const shaped = [
    ...outputs.filter((name) => !constant.has(name) || large.has(name)),
    ...graph.inputs.map((input) => input.name),
  ];

  const shapeNode = (name: string, i: number): NodeProto => ({
    opType: "Shape",
    domain: "",
    name: `shape:${i}`,
    input: [name],
    output: [`shape:${i}`],
    attribute: [],
  });
  const wanted = [...shaped.map((_, i) => `shape:${i}`), ...fetched];
  const traced: ModelProto = {
    ...model,
    graph: { ...model.graph, node: [...model.graph.node, ...shaped.map(shapeNode)], output: wanted.map((name) => ({ name })) },
  };
  const bytes = encodeModelBytes(pointingInto(traced, source.file));
  const session = await runtime.createSession(bytes, { optimization: "disabled", ...filesOf(source) });
  try {
    const run = async (sizes: Sizes) =>
      session.run(Object.fromEntries(graph.inputs.map((input) => [input.name, zeros(input, sizes)])));
    const first = firstSizes(graph, options);
    const a = await run(first).catch((cause) => {
      throw new BacklitError(
        "BadModel",
        {
          what: "the model does not run",
          where: describe(graph, first),
          why: message(cause),
          fix: "give the sizes it needs with --dim name=n, or a sample input",
        },
        { cause },
      );
    });
    const { b, notice } = await secondRun(graph, first, run, a);
    const shapes = new Map<string, Shape>();
    shaped.forEach((name, i) => {
      const [one, two] = [ints(a[`shape:${i}`]!), ints(b[`shape:${i}`]!)];
      // A value whose very rank changes has no shape worth knowing.
      if (one.length === two.length)
        shapes.set(
          name,
          one.map((d, k) => (d === two[k] ? d : null)),
        );
    });
    const values = new Map<string, Tensor>();
    for (const name of fetched) {
      const [one, two] = [a[name]!, b[name]!];
      if (same(one, two)) values.set(name, one);
      if (one.dims.length === two.dims.length)
        shapes.set(
          name,
          one.dims.map((d, k) => (d === two.dims[k] ? d : null)),
        );
    }
    const types = new Map(graph.inputs.map((input) => [input.name, input.type?.tensorType?.elemType ?? 0]));
    const external = externalOf(source);
    return { shapes, values, types, ...(external && { external }), notices: notice === undefined ? [] : [notice] };
  } finally {
    await session.release();
  }
};

/** Free sizes are named by `dim_param`, or by `input:axis` where they have none. A free first axis is the batch. */
type Sizes = ReadonlyMap<string, number>;
const BATCH = "batch";
const dimKey = (input: ValueInfoProto, axis: number): string => {
  const dim = input.type?.tensorType?.shape?.[axis];
  return dim?.param || (axis === 0 ? BATCH : `${input.name}:${axis}`);
};
const freeDims = (input: ValueInfoProto): readonly (number | undefined)[] => {
  const tensor = input.type?.tensorType;
  if (tensor?.shape === undefined)
    throw fail("BadModel", {
      what: "an input without a shape",
      where: `input '${input.name}'`,
      fix: "export the model with typed inputs",
    });
  return tensor.shape.map((dim) => (dim.value !== undefined && dim.value > 0 && !dim.param ? dim.value : undefined));
};

/** The first run's sizes: what the user says, the sample's, 1 for the batch; and else a size most models take. */
const firstSizes = (graph: Graph, { dims = {}, sample = {} }: TraceOptions): Map<string, number> => {
  const sizes = new Map<string, number>();
  for (const input of graph.inputs) {
    const shape = freeDims(input);
    shape.forEach((fixed, axis) => {
      const key = dimKey(input, axis);
      if (fixed !== undefined || sizes.has(key)) return;
      const guess = axis === 0 ? 1 : (sample[input.name]?.dims[axis] ?? (shape.length === 4 ? (axis === 1 ? 3 : 224) : 16));
      sizes.set(key, dims[key] ?? dims[`${input.name}:${axis}`] ?? guess);
    });
  }
  return sizes;
};

/** Tries ever fewer changed sizes: all, then the batch alone, then none (with a notice). */
const secondRun = async (
  graph: Graph,
  first: Map<string, number>,
  run: (sizes: Sizes) => Promise<Record<string, Tensor>>,
  same: Record<string, Tensor>,
) => {
  if (first.size === 0) return { b: same };
  const batch = new Set(graph.inputs.map((input) => dimKey(input, 0)));
  const grow = (by: number, only: (key: string) => boolean) =>
    new Map([...first].map(([key, size]) => [key, batch.has(key) ? size + 1 : only(key) ? size + by : size]));
  const fixed = [...first.keys()].filter((key) => !batch.has(key));
  for (const by of fixed.length === 0 ? [] : [32, 1]) {
    const b = await run(grow(by, () => true)).catch(() => undefined);
    if (b !== undefined) return { b };
  }
  const named = fixed.map((key) => `${key} = ${first.get(key)}`).join(", ");
  const b = await run(grow(0, () => false)).catch(() => undefined);
  if (b !== undefined) return { b, ...(fixed.length > 0 && { notice: `other sizes do not run, so these are fixed: ${named}` }) };
  return {
    b: same,
    notice: `the model runs only at one size, which is fixed: ${[...first].map(([k, n]) => `${k} = ${n}`).join(", ")}`,
  };
};

const zeros = (input: ValueInfoProto, sizes: Sizes): Tensor => {
  const dims = freeDims(input).map((fixed, axis) => fixed ?? sizes.get(dimKey(input, axis))!);
  const elemType = input.type?.tensorType?.elemType ?? DataType.FLOAT;
  const type = tensorType(elemType);
  if (type === "string") return { type, dims, data: Array.from({ length: elementCount(dims, input.name) }, () => "") };
  return { type, dims, data: typedArray(new Uint8Array(tensorByteLength(dims, elemType, input.name)), type) };
};

/** Constants that descend from a large initializer: prepared weights, fetched by shape only. */
const largeConstants = (graph: Graph, limit: number): Set<string> => {
  const large = new Set<string>();
  for (const tensor of graph.initializers.values()) if (tensor.dims.reduce((a, b) => a * b, 1) > limit) large.add(tensor.name);
  for (const node of graph.nodes)
    if (node.opType !== "Shape" && node.opType !== "Size" && valuesRead(node).some((name) => large.has(name)))
      for (const name of node.output) large.add(name);
  return large;
};

const ints = (tensor: Tensor): number[] => Array.from(tensor.data as ArrayLike<bigint>, Number);
const same = (a: Tensor, b: Tensor): boolean =>
  a.dims.length === b.dims.length &&
  a.dims.every((d, i) => d === b.dims[i]) &&
  a.data.length === b.data.length &&
  Array.from(a.data as ArrayLike<unknown>).every((v, i) => Object.is(v, (b.data as ArrayLike<unknown>)[i]));
const message = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
const describe = (graph: Graph, sizes: Sizes): string =>
  graph.inputs
    .map(
      (input) =>
        `${input.name} ${freeDims(input)
          .map((d, axis) => d ?? sizes.get(dimKey(input, axis)))
          .join("×")}`,
    )
    .join(", ");

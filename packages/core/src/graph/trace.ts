/**
 * Facts by tracing: the model is run with a Shape node on every value, twice, with all free sizes changed together.
 * A size that differs is dynamic. Constants (by reachability, facts.ts) are fetched when they are small.
 */
import { BacklitError, fail, isBacklitError } from "../errors.ts";
import type { ModelProto } from "../onnx/proto.ts";
import { externalOf, type ModelSource } from "../onnx/source.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { constantValues, looseValues, SHAPE_OF, type Shape, SMALL, type TraceFacts } from "./facts.ts";
import { type Graph, graphOf, valuesRead } from "./graph.ts";
import { nonTensors } from "./non-tensors.ts";
import {
  batchNames,
  cacheNames,
  describeSizes,
  feedsOf,
  firstSizes,
  longerTexts,
  type Samples,
  type SizeOptions,
  type Sizes,
  sampleFeeds,
} from "./sizes.ts";
import { type Seen, tripsOf, watch } from "./watch.ts";

export interface TraceOptions extends SizeOptions {
  /** Largest initializer, in elements, whose descendants are fetched as numbers. */
  readonly limit?: number;
  /** The files the model was read from: where its external data lies, and what need not be handed to the runtime again. */
  readonly source?: ModelSource;
}

/** Errors: BadModel where the model does not run at the sizes given, or has inputs without a shape; Unsupported for inputs that are no tensors. */
export const trace = async (
  model: ModelProto,
  runtime: Runtime,
  options: TraceOptions = {},
  graph: Graph = graphOf(model),
): Promise<TraceFacts> => {
  const { source = {}, limit = SMALL } = options;
  const first = firstSizes(graph, options);
  const constant = constantValues(graph);
  const large = largeConstants(graph, limit);
  const hidden = nonTensors(model.graph);
  const made = graph.nodes.flatMap((node) => node.output.filter((name) => name !== "" && !hidden.has(name)));
  const small = (name: string) => constant.has(name) && !large.has(name);
  const loops = graph.nodes.filter((node) => node.opType === "Loop").map(tripsOf);
  const watched = {
    shapes: [...made.filter((name) => !small(name)), ...graph.inputs.map((input) => input.name), ...loops],
    values: made.filter(small),
  };
  const { session, see } = await watch(model, runtime, source, watched).catch(refused);
  try {
    const { one, run } = await firstRun(graph, first, see, options.sample);
    const { two, notice } = await secondRun(graph, first, run, one);
    const others = [two, ...(looseValues(graph).size === 0 ? [] : await looseRuns(graph, first, see, options.sample))];
    const shapes = new Map<string, Shape>();
    for (const [name, dims] of one.shapes) {
      const seen = others.map((other) => other.shapes.get(name)!);
      // A value whose very rank changes has no shape worth knowing.
      if (seen.every((other) => dims.length === other.length))
        shapes.set(
          name,
          dims.map((d, axis) => (seen.every((other) => d === other[axis]) ? d : null)),
        );
    }
    const values = new Map([...one.values].filter(([name, tensor]) => same(tensor, two.values.get(name)!)));
    const types = new Map(graph.inputs.map((input) => [input.name, input.type?.tensorType?.elemType ?? 0]));
    const external = externalOf(source);
    return {
      shapes,
      seen: two.shapes,
      values,
      types,
      ...(external && { external }),
      notices: notice === undefined ? [] : [notice],
    };
  } finally {
    await session.release();
  }
};

/** A runtime that does not take the model says why; what to do is for us to say. */
const refused = (error: unknown): never => {
  if (!isBacklitError(error, "Runtime")) throw error;
  throw fail("Runtime", { fix: "export the model again; onnx.checker may say more", ...error.parts }, error);
};

/** Where shapes depend on what is found in the input: of what is found in noise, and in the sample. */
const looseRuns = async (
  graph: Graph,
  sizes: Sizes,
  see: (feeds: Readonly<Record<string, Tensor>>) => Promise<Seen>,
  sample: Samples | undefined,
): Promise<Seen[]> => {
  const noise = [-2, -30, 0].map((low) => feedsOf(graph, sizes, { low, high: low === 0 ? 255 : -low }, sample));
  const own = sampleFeeds(graph, sizes, sample);
  const seen: Seen[] = [];
  for (const feeds of own ? [...noise, own] : noise) {
    const found = await see(feeds).catch(() => undefined); // some models do not run on noise
    if (found !== undefined) seen.push(found);
  }
  return seen;
};

/** `longer`: texts are, too. */
type Run = (sizes: Sizes, longer?: boolean) => Promise<Seen>;

/** Zeros are fed, and the sample's integers; ones to models that do not take zeros (a length, a divisor). */
const firstRun = async (
  graph: Graph,
  first: Sizes,
  see: (feeds: Readonly<Record<string, Tensor>>) => Promise<Seen>,
  sample: Samples | undefined,
): Promise<{ one: Seen; run: Run }> => {
  const running =
    (fill: 0 | 1, like?: Samples): Run =>
    async (sizes, longer) => {
      const feeds = feedsOf(graph, sizes, fill, like);
      return see(longer ? longerTexts(feeds) : feeds);
    };
  const trying = running(0, sample);
  try {
    return { one: await trying(first), run: trying };
  } catch (cause) {
    if (isBacklitError(cause, "BadModel")) throw cause; // no inputs of these sizes
    for (const run of [...(sample ? [running(0)] : []), running(1)]) {
      const one = await run(first).catch(() => undefined);
      if (one !== undefined) return { one, run };
    }
    throw new BacklitError(
      "BadModel",
      {
        what: "the model does not run",
        where: describeSizes(graph, first),
        why: cause instanceof Error ? cause.message : String(cause),
        fix: "give the sizes it needs with --dim name=n, or a sample input",
      },
      { cause },
    );
  }
};

/** How much a free size is changed by: by as much as keeps it a multiple of most strides, and by 1. A batch by 1 alone. */
export const STEPS = [32, 1];

/** All free sizes are changed together; where that does not run, one after another, and those that cannot change are said. */
const secondRun = async (graph: Graph, first: Sizes, run: Run, one: Seen): Promise<{ two: Seen; notice?: string }> => {
  const batch = batchNames(graph);
  const steps = (name: string) => (batch.has(name) ? [1] : STEPS);
  // A cache is run empty, whatever the length of what follows it.
  const caches = cacheNames(graph);
  const free = [...first].filter(([name, size]) => !(caches.has(name) && size === 0));
  const names = free.map(([name]) => name).sort((a, b) => Number(batch.has(b)) - Number(batch.has(a)));
  if (names.length === 0) return { two: (await longer(graph, first, run)) ?? one };
  for (const by of names.every((name) => batch.has(name)) ? [1] : STEPS) {
    const all = new Map([...first, ...free.map(([name, size]) => [name, size + (batch.has(name) ? 1 : by)] as const)]);
    const two = (await longer(graph, all, run)) ?? (await run(all).catch(() => undefined));
    if (two !== undefined) return { two };
  }
  let grown = first;
  let two = one;
  const fixed: string[] = [];
  for (const name of names.length === 1 ? [] : names) {
    const before = grown;
    for (const by of steps(name)) {
      const wish = new Map(grown).set(name, first.get(name)! + by);
      const seen = await run(wish).catch(() => undefined);
      if (seen === undefined) continue;
      [grown, two] = [wish, seen];
      break;
    }
    if (grown === before) fixed.push(name);
  }
  const said = (some: readonly string[]) => some.map((name) => `${name} = ${first.get(name)}`).join(", ");
  return two === one
    ? { two, notice: `the model runs only at one size, which is fixed: ${said(names)}` }
    : { two, notice: `other sizes do not run, so these are fixed: ${said(fixed)}` };
};

/** With longer texts, where a model cuts texts into words. */
const longer = async (graph: Graph, sizes: Sizes, run: Run): Promise<Seen | undefined> =>
  graph.nodes.some(({ opType }) => WORDS.has(opType)) ? run(sizes, true).catch(() => undefined) : undefined;
const WORDS = new Set(["Tokenizer", "StringSplit"]);

/** Constants that descend from a large initializer: prepared weights, fetched by shape only. */
const largeConstants = (graph: Graph, limit: number): Set<string> => {
  const large = new Set<string>();
  for (const tensor of graph.initializers.values()) if (tensor.dims.reduce((a, b) => a * b, 1) > limit) large.add(tensor.name);
  for (const node of graph.nodes)
    if (!SHAPE_OF.has(node.opType) && valuesRead(node).some((name) => large.has(name)))
      for (const name of node.output) large.add(name);
  return large;
};

const same = (a: Tensor, b: Tensor): boolean => {
  if (a.dims.length !== b.dims.length || !a.dims.every((d, i) => d === b.dims[i]) || a.data.length !== b.data.length)
    return false;
  const [one, other] = [a.data as ArrayLike<unknown>, b.data as ArrayLike<unknown>];
  for (let i = 0; i < one.length; i++) if (!Object.is(one[i], other[i])) return false;
  return true;
};

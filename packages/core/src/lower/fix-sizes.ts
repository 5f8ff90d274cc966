/**
 * Some passes need to know a size, or a number made from sizes, once and for all: how long a sequence is, which branch is taken.
 * Which free sizes it depends on is found by running the model with one of them changed at a time; those are fixed.
 */
import { batchNames, declared, feedsOf, firstSizes, fixedSize, sizeName } from "../graph/sizes.ts";
import { STEPS, type TraceOptions } from "../graph/trace.ts";
import type { TracedModel } from "../graph/traced-model.ts";
import { type Seen, watch } from "../graph/watch.ts";
import type { ModelProto, ValueInfoProto } from "../onnx/proto.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** Something that must come out the same at every run, for a node to be taken apart. */
export interface Wish {
  /** A value whose size along `axis` is needed; without an axis, a constant whose numbers are. */
  readonly value: string;
  readonly axis?: number;
  /** What of the node is asked for: "its length". */
  readonly what: string;
}

export interface Fix extends Wish {
  /** The node, by its first output, and as messages call it. */
  readonly output: string;
  readonly node: string;
}

export interface Fixed {
  /** The model itself where nothing could be fixed. */
  readonly model: ModelProto;
  readonly notices: readonly string[];
  /** What depends on no size, so on the values of the input. */
  readonly unmet: readonly Fix[];
}

export const fixSizes = async (
  traced: TracedModel,
  fixes: readonly Fix[],
  runtime: Runtime,
  options: TraceOptions,
): Promise<Fixed> => {
  const { model } = traced;
  if (fixes.length === 0) return { model, notices: [], unmet: [] };
  const behind = await sizesBehind(traced, fixes, runtime, options);
  const sizes = new Map<string, number>();
  const notices: string[] = [];
  for (const fix of fixes)
    for (const name of behind.get(fix)!) {
      if (sizes.has(name)) continue;
      const size = fixedSize(traced.graph, name, fix.axis !== undefined, options);
      sizes.set(name, size);
      notices.push(
        `${fix.what} (${fix.node}) depends on the size ${name}, which is fixed to ${size}: the artefact takes no other (--dim ${name}=n names another)`,
      );
    }
  const input = model.graph.input.map((value) => withSizes(value, sizes));
  return {
    model: sizes.size === 0 ? model : { ...model, graph: { ...model.graph, input } },
    notices,
    unmet: fixes.filter((fix) => behind.get(fix)!.length === 0),
  };
};

/** Free sizes that change what a fix asks for; where none does, those that cannot be changed alone, so that nobody knows. */
const sizesBehind = async (
  { model, graph }: TracedModel,
  fixes: readonly Fix[],
  runtime: Runtime,
  options: TraceOptions,
): Promise<ReadonlyMap<Fix, readonly string[]>> => {
  const first = firstSizes(graph, options);
  const batch = batchNames(graph);
  const named = (some: readonly Fix[]) => [...new Set(some.map((fix) => fix.value))];
  const { session, see } = await watch(model, runtime, options.source ?? {}, {
    shapes: named(fixes.filter((fix) => fix.axis !== undefined)),
    values: named(fixes.filter((fix) => fix.axis === undefined)),
  });
  try {
    const seen = (sizes: ReadonlyMap<string, number>) =>
      see(feedsOf(graph, sizes, 0, options.sample)).catch(() => see(feedsOf(graph, sizes, 1)).catch(() => undefined));
    const one = await seen(first);
    const found = new Map<Fix, string[]>(fixes.map((fix) => [fix, []]));
    const unknown: string[] = [];
    for (const [name, size] of first) {
      let other: Seen | undefined;
      for (const by of batch.has(name) ? [1] : STEPS) other ??= await seen(new Map(first).set(name, size + by));
      if (one === undefined || other === undefined) unknown.push(name);
      else for (const fix of fixes) if (numbersOf(fix, one) !== numbersOf(fix, other)) found.get(fix)!.push(name);
    }
    return new Map([...found].map(([fix, names]) => [fix, names.length === 0 ? unknown : names]));
  } finally {
    await session.release();
  }
};

const numbersOf = ({ value, axis }: Fix, { shapes, values }: Seen): string => {
  const shape = shapes.get(value)!;
  return axis === undefined ? `${shape}=${values.get(value)!.data}` : String(shape[axis]);
};

const withSizes = (input: ValueInfoProto, sizes: ReadonlyMap<string, number>): ValueInfoProto => {
  const type = input.type?.tensorType;
  if (type?.shape === undefined) return input;
  const free = declared(input);
  const shape = type.shape.map((dim, axis) => {
    const size = free[axis] === undefined ? sizes.get(sizeName(input, axis)) : undefined;
    return size === undefined ? dim : { value: size };
  });
  return { ...input, type: { ...input.type, tensorType: { ...type, shape } } };
};

/**
 * Whether the rows of an output are samples, tried where the graph alone does not tell: an output row that moves when another input row
 * changes is none of its own. A run only suggests; where rows would differ for another reason, or cannot be several, nothing is tried.
 */
import { RANDOM } from "../graph/facts.ts";
import { declared, feedsOf, firstSizes, sizeName } from "../graph/sizes.ts";
import type { TraceOptions } from "../graph/trace.ts";
import type { TracedModel } from "../graph/traced-model.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { filesOf, pointingInto } from "../onnx/source.ts";
import { readExplained } from "../reading/explained.ts";
import { readModel } from "../reading/index.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor/tensor.ts";

const ROWS = 3;
/** Of the output's spread. */
const MOVES = 1e-3;
/** Their steps are chosen by all rows together. */
const DYNAMIC = new Set(["DynamicQuantizeLinear"]);

/** By output; those that the graph tells of, or that no run can tell of, are not in it. */
export const rowsApart = async (
  traced: TracedModel,
  runtime: Runtime,
  options: TraceOptions,
): Promise<ReadonlyMap<string, boolean>> => {
  const { model, graph } = traced;
  const found = new Map<string, boolean>();
  if (graph.nodes.some(({ opType }) => RANDOM.has(opType) || DYNAMIC.has(opType))) return found;
  if (!graph.inputs.every((input) => declared(input).length > 0 && declared(input)[0] === undefined)) return found;
  const asked = unsure(traced);
  if (asked.length === 0) return found;
  const sizes = new Map(firstSizes(graph, options));
  for (const input of graph.inputs) sizes.set(sizeName(input, 0), ROWS);
  const feeds = feedsOf(graph, sizes, { low: -2, high: 2 }, options.sample);
  const { source = {} } = options;
  await using session = await runtime.createSession(encodeModelBytes(pointingInto(model, source.file)), filesOf(source));
  const runs = await Promise.all([session.run(feeds), session.run(moved(feeds))]).catch(() => undefined);
  for (const { output, axis } of runs === undefined ? [] : asked) {
    const [before, after] = runs!.map((out) => out[output]!);
    if (before?.dims[axis] === ROWS) found.set(output, !othersMove(before!, after!, axis));
  }
  return found;
};

const unsure = (traced: TracedModel): readonly { readonly output: string; readonly axis: number }[] => {
  const { graph } = traced;
  const reading = readModel(traced);
  const known = traced.ownFacts();
  return graph.outputs.flatMap(({ name: output }) => {
    if (known.shape(output) === undefined) return [];
    const explained = readExplained(graph, known, output).explained.map(({ value }) => value);
    const { unsure, batchAxis } = reading.samples({ explained, output, start: output });
    return unsure && batchAxis !== undefined ? [{ output, axis: batchAxis }] : [];
  });
};

/** The first row is another one. */
const moved = (feeds: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, { type, dims, data }]) => {
      const width = data.length / dims[0]!;
      const copy = Array.isArray(data) ? [...data] : (data as Float32Array).slice();
      const row = copy.slice(0, width).reverse();
      for (let i = 0; i < width; i++) copy[i] = type.startsWith("float") ? 0.5 - (row[i] as number) : row[i]!;
      return [name, { type, dims, data: copy as Tensor["data"] }];
    }),
  );

const othersMove = (before: Tensor, after: Tensor, axis: number): boolean => {
  const [a, b] = [
    Array.from(before.data as ArrayLike<number | bigint>, Number),
    Array.from(after.data as ArrayLike<number>, Number),
  ];
  const inner = before.dims.slice(axis + 1).reduce((n, d) => n * d, 1);
  let [low, high, most] = [Infinity, -Infinity, 0];
  for (const [i, value] of a.entries()) {
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (Math.floor(i / inner) % ROWS !== 0) most = Math.max(most, Math.abs(value - b[i]!));
  }
  return most > MOVES * (high - low);
};

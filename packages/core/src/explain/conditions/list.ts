/** Several conditions for every sample: conditions are rows of the batch, as many as a batch holds. */
import { fail } from "../../errors.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import { taken } from "../../tensor/taken.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ChannelTable } from "../channel-table.ts";
import { mapValues } from "../map-values.ts";
import type { ExplainOptions, Explanation } from "../types.ts";
import type { Condition } from "./condition.ts";

/** Rows of one run. */
const ROWS = 64;

type Feeds = Readonly<Record<string, Tensor>>;

interface ListRun {
  /** All inputs. */
  readonly feeds: Feeds;
  readonly samples: number;
  /** Where the samples lie along the first axis of all that goes in or comes out and the batch is free: several rows may be one sample's. */
  readonly repeats: boolean;
  explain(feeds: Feeds, options: ExplainOptions): Promise<Explanation>;
}

/** Maps are [N, M, …]; notes, ledgers and sums one for each sample and condition, in that order. Errors: BadRecipe, and those of `explain`. */
export const explainList = async (
  run: ListRun,
  conditions: readonly Condition[],
  { seedVector, ...options }: ExplainOptions,
): Promise<Explanation> => {
  if (conditions.length === 0) throw fail("BadRecipe", { what: "a list without conditions", fix: "name one" });
  const width = run.repeats ? Math.max(1, Math.floor(ROWS / run.samples)) : 1;
  const parts: Part[] = [];
  for (let from = 0; from < conditions.length; from += width) {
    const own = conditions.slice(from, from + width);
    const rows = Array.from({ length: run.samples }, (_, n) => own.map(() => n)).flat();
    const repeated = (tensor: Tensor) => (own.length === 1 ? tensor : taken(tensor, 0, rows));
    const feeds = Object.fromEntries(Object.entries(run.feeds).map(([name, tensor]) => [name, repeated(tensor)]));
    const { target } = options;
    const explanation = await run.explain(feeds, {
      ...options,
      ...(Array.isArray(target) && target.length > 1 && { target: rows.map((n) => target[n]!) }),
      ...(seedVector && { seedVector: repeated(seedVector) }),
      conditions: own.length === 1 ? own[0]! : rows.map((_, i) => own[i % own.length]!),
    });
    parts.push({ explanation, count: own.length });
  }
  return joined(parts, run.samples);
};

interface Part {
  readonly explanation: Explanation;
  /** Of conditions. */
  readonly count: number;
}

const joined = (parts: readonly Part[], samples: number): Explanation => {
  const { explanation: first, count } = parts[0]!;
  const rows = Array.from({ length: samples }, (_, n) => n * count);
  const once = <T extends Tensor>(tensor: T): T =>
    tensor.dims[0] === samples * count && count > 1 && tensor.type !== "string" ? taken(tensor, 0, rows) : tensor;
  const maps = (of: (explanation: Explanation) => Readonly<Record<string, FloatTensor>>) =>
    mapValues(of(first), (_, name) =>
      beside(
        parts.map(({ explanation, count }) => ({ tensor: of(explanation)[name]!, count })),
        samples,
      ),
    );
  const lists = <T>(of: (explanation: Explanation) => readonly T[] | undefined) =>
    of(first) === undefined
      ? undefined
      : rowWise(
          parts.map(({ explanation, count }) => ({ items: of(explanation)!, count })),
          samples,
        );
  const relevances = maps((one) => one.relevances);
  const leaving = lists((one) => one.leaving);
  const ledger = lists((one) => one.ledger);
  return {
    ...first,
    output: once(first.output),
    outputs: mapValues(first.outputs, once),
    target: first.target.length === samples * count ? rows.map((n) => first.target[n]!) : first.target,
    relevance: relevances[Object.keys(relevances)[0]!]!,
    relevances,
    values: mapValues(first.values, once),
    layers: maps((one) => one.layers),
    notes: lists((one) => one.notes)!,
    ...(first.channels && {
      channels: mapValues(first.channels, (_, value) =>
        tables(
          parts.map(({ explanation, count }) => ({ table: explanation.channels![value]!, count })),
          samples,
        ),
      ),
    }),
    ...(leaving && { leaving }),
    ...(ledger && { ledger }),
    notices: [...new Set(parts.flatMap(({ explanation }) => explanation.notices))],
    timings: { ...first.timings, run: parts.reduce((ms, { explanation }) => ms + explanation.timings.run, 0) },
  };
};

/** Each part has samples × its conditions. */
const rowWise = <T>(parts: readonly { readonly items: readonly T[]; readonly count: number }[], samples: number): T[] =>
  Array.from({ length: samples }, (_, n) => parts.flatMap(({ items, count }) => items.slice(n * count, (n + 1) * count))).flat();

const beside = (parts: readonly { readonly tensor: FloatTensor; readonly count: number }[], samples: number): FloatTensor => {
  const [{ tensor }] = parts as [(typeof parts)[number]];
  const conditions = parts.reduce((sum, { count }) => sum + count, 0);
  const width = tensor.data.length / (samples * parts[0]!.count);
  const data = new Float32Array(samples * conditions * width);
  let from = 0;
  for (const { tensor, count } of parts) {
    for (let n = 0; n < samples; n++)
      data.set(tensor.data.subarray(n * count * width, (n + 1) * count * width), (n * conditions + from) * width);
    from += count;
  }
  return { type: "float32", dims: [samples, conditions, ...tensor.dims.slice(1)], data };
};

const tables = (parts: readonly { readonly table: ChannelTable; readonly count: number }[], samples: number): ChannelTable => {
  const [{ table }] = parts as [(typeof parts)[number]];
  const column = (of: (table: ChannelTable) => Float32Array | Int32Array): Float32Array =>
    beside(
      parts.map(({ table, count }) => ({
        tensor: { type: "float32", dims: table.dims, data: Float32Array.from(of(table)) },
        count,
      })),
      samples,
    ).data;
  const statistics = (side: "relevance" | "activation") => ({
    sum: column((one) => one[side].sum),
    max: column((one) => one[side].max),
    position: Int32Array.from(column((one) => one[side].position)),
  });
  const conditions = parts.reduce((sum, { count }) => sum + count, 0);
  return {
    dims: [samples, conditions, ...table.dims.slice(1)],
    relevance: statistics("relevance"),
    activation: statistics("activation"),
  };
};
